import { exitCodes } from "./exit-codes.js";

/** One thing that was refused, and where in the input it is. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Why a command did not do what it was told; the words are for whoever told it. */
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

  get fields(): readonly Fault[] {
    const { fields } = this.details;
    return Array.isArray(fields) ? (fields as Fault[]) : [];
  }
}

export const usageError = (message: string): CliError =>
  new CliError("USAGE", message, exitCodes.usage);

export const unreachable = (message: string): CliError =>
  new CliError("UNREACHABLE", message, exitCodes.unavailable);

export const interrupted = (): CliError =>
  new CliError("INTERRUPTED", "Interrupted", exitCodes.interrupted);

const laterCodes = ["SERVICE_UNAVAILABLE", "RATE_LIMITED"];

interface GraphQLFault {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What the gateway answered instead of data. */
export function refusal({ message, extensions = {} }: GraphQLFault): CliError {
  const { code, ...details } = extensions;
  const word = typeof code === "string" ? code : "REFUSED";
  return new CliError(word, message, exitCodeOf(word), details);
}

function exitCodeOf(code: string): number {
  if (laterCodes.includes(code)) return exitCodes.unavailable;
  return code === "INTERNAL_SERVER_ERROR" ? exitCodes.failed : exitCodes.refused;
}
