import { retryableCodes } from "../errors/domain-error.js";
import { exitCodes } from "./exit-codes.js";

/** An invalid input field. Its path is in the input of the mutation. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The failure of a command, with a message for its user. */
export class CliError extends Error {
  override readonly name = "CliError";

  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: number,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  get fields(): readonly FieldError[] {
    const { fields } = this.details;
    return Array.isArray(fields) ? (fields as FieldError[]) : [];
  }
}

export const usageError = (message: string): CliError =>
  new CliError("USAGE", message, exitCodes.usage);

export const unreachable = (message: string): CliError =>
  new CliError("UNREACHABLE", message, exitCodes.unavailable);

export const interrupted = (): CliError =>
  new CliError("INTERRUPTED", "Interrupted", exitCodes.interrupted);

interface GraphQLResponseError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Converts an error of a GraphQL response. */
export function responseError({ message, extensions = {} }: GraphQLResponseError): CliError {
  const { code, ...details } = extensions;
  const codeText = typeof code === "string" ? code : "REFUSED";
  return new CliError(codeText, message, exitCodeOf(codeText), details);
}

function exitCodeOf(code: string): number {
  if (retryableCodes.includes(code)) return exitCodes.unavailable;
  return code === "INTERNAL_SERVER_ERROR" ? exitCodes.failed : exitCodes.refused;
}
