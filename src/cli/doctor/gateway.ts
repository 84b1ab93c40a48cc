import { version as ownVersion } from "../../config/version.js";
import { CliError, interrupted } from "../faults.js";
import { addressOf, askOverHttp, reasonOf } from "../remote-gateway.js";
import { checkClock } from "./clock.js";
import { fault, type Finding, ok, warning } from "./finding.js";

const PROBE_MS = 10_000;

interface Answer {
  readonly status: number;
  /** By the other clock, to the second; not a number where none is told. */
  readonly date: number;
  readonly body: { readonly status?: unknown; readonly info?: { readonly version?: unknown } };
}

type Get = (name: string) => Promise<Answer>;

/**
 * Looks at a gateway from where it is used: whether it is there, whether it can answer, and what the credential may do.
 *
 * @throws CliError for anything but an address, and when it is interrupted
 */
export async function checkGateway(
  url: string,
  secret: string | undefined,
  signal: AbortSignal,
): Promise<Finding[]> {
  const address = addressOf(url);
  const get = getFrom(address, signal);
  try {
    const startedAt = Date.now();
    const health = await get("healthz");
    const endedAt = Date.now();
    // Who does not say that it is Rollcall is not shown the credential.
    if (health.body.status !== "ok") return [notRollcall(address, health)];
    // The header leaves out the part of the second.
    const ahead = (health.date + 500 - (startedAt + endedAt) / 2) / 1000;
    return [
      ok("gateway", `${address.origin} answers, ${endedAt - startedAt} ms after it was called`),
      readiness(await get("readyz")),
      ...checkVersion(await get("openapi.json")),
      ...(Number.isNaN(ahead) ? [] : [checkClock(ahead)]),
      await checkCredential(url, secret, signal),
    ];
  } catch (error) {
    if (signal.aborted) throw interrupted();
    return [
      fault(
        "gateway",
        `${address.origin} does not answer: ${reasonOf(error)}`,
        "Look whether it runs, and at the address, the port, the certificate and the network in between",
      ),
    ];
  }
}

const getFrom =
  (address: URL, signal: AbortSignal): Get =>
  async (name) => {
    const response = await fetch(new URL(name, address), {
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    });
    const text = await response.text();
    const date = Date.parse(response.headers.get("date") ?? "");
    return { status: response.status, date, body: bodyOf(text) };
  };

function bodyOf(text: string): Answer["body"] {
  try {
    return (JSON.parse(text) as Answer["body"] | null) ?? {};
  } catch {
    return {};
  }
}

const notRollcall = ({ origin }: URL, { status }: Answer): Finding =>
  fault(
    "gateway",
    `${origin} answers ${status}, and not as a Rollcall gateway does`,
    "Give the address that has /graphql below it; a proxy in between has to pass /healthz and /readyz on",
  );

function readiness({ status, body }: Answer): Finding {
  if (body.status === "ready") return ok("readiness", "It can answer");
  if (body.status === "stopping") {
    const advice = "Wait for the process that replaces it, or start it again";
    return fault("readiness", "It is about to stop, and takes no new work", advice);
  }
  const words =
    body.status === "unavailable" ? "Its database does not answer" : `/readyz answers ${status}`;
  const advice = `Run "rollcall doctor" where it runs, with its environment and without an address`;
  return fault("readiness", words, advice);
}

/** The description of the old APIs tells it to everybody; where there is none, nothing is said. */
function checkVersion({ body: { info } }: Answer): Finding[] {
  const version = info?.version;
  if (typeof version !== "string") return [];
  if (version === ownVersion) return [ok("version", `Rollcall ${version}, as this command`)];
  const words = `It is Rollcall ${version}, this command ${ownVersion}`;
  const advice = "Use the command of the gateway's version: each may know what the other does not";
  return [warning("version", words, advice)];
}

interface Viewer {
  readonly kind: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

async function checkCredential(
  url: string,
  secret: string | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  if (secret === undefined) {
    const advice = "Give it as ROLLCALL_KEY or with --key-file";
    return warning("credential", "None was given, so it was not tried", advice);
  }
  try {
    const ask = askOverHttp(url, secret, signal);
    const { viewer } = await ask<{ viewer: Viewer }>(`{ viewer { kind name permissions } }`);
    return permissionsOf(viewer);
  } catch (error) {
    if (!(error instanceof CliError) || signal.aborted) throw error;
    return refusedCredential(error);
  }
}

function permissionsOf({ kind, name, permissions }: Viewer): Finding {
  const who = `${kind === "SESSION" ? "The person" : "The key"} "${name}"`;
  if (permissions.length > 0) return ok("credential", `${who} may: ${permissions.join(", ")}`);
  const advice = `For more than what needs no permission: "rollcall key create … --permission …"`;
  return warning("credential", `${who} is known, and has no permission`, advice);
}

function refusedCredential({ code, message }: CliError): Finding {
  const words = `It is not taken: ${message}`;
  if (code === "UNAUTHENTICATED") {
    const advice = `Look whether it is whole, has expired or was revoked; "rollcall key create" makes another`;
    return fault("credential", words, advice);
  }
  return fault("credential", words, "Try again later, and look at the gateway's log");
}
