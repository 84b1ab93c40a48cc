import { version as ownVersion } from "../../config/version.js";
import { CliError, interrupted } from "../errors.js";
import { addressOf, requestOverHttp, reasonOf } from "../remote-client.js";
import { checkClock } from "./clock.js";
import { fault, type Finding, ok, warning } from "./finding.js";

const PROBE_MS = 10_000;

interface ProbeResponse {
  readonly status: number;
  /** The server's clock, rounded down to the second; NaN without a `Date` header. */
  readonly date: number;
  readonly body: { readonly status?: unknown; readonly info?: { readonly version?: unknown } };
}

type Get = (name: string) => Promise<ProbeResponse>;

/**
 * Checks a gateway from the client's side: availability, readiness, version, clock, and the permissions of
 * the credential.
 *
 * @throws CliError for an invalid address, and when interrupted
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
    // The credential is sent to a Rollcall gateway only.
    if (health.body.status !== "ok") return [notRollcall(address, health)];
    // The `Date` header has no fraction of a second.
    const ahead = (health.date + 500 - (startedAt + endedAt) / 2) / 1000;
    return [
      ok("gateway", `${address.origin} responded after ${endedAt - startedAt} ms`),
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
        `${address.origin} does not respond: ${reasonOf(error)}`,
        "Check that it runs, and the address, the port, the certificate and the network",
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

function bodyOf(text: string): ProbeResponse["body"] {
  try {
    return (JSON.parse(text) as ProbeResponse["body"] | null) ?? {};
  } catch {
    return {};
  }
}

const notRollcall = ({ origin }: URL, { status }: ProbeResponse): Finding =>
  fault(
    "gateway",
    `${origin} responds with ${status}, and not as a Rollcall gateway`,
    "Use the address that has /graphql below it; a proxy has to forward /healthz and /readyz",
  );

function readiness({ status, body }: ProbeResponse): Finding {
  if (body.status === "ready") return ok("readiness", "Ready");
  if (body.status === "stopping") {
    const advice = "Wait for the process that replaces it, or restart it";
    return fault("readiness", "Shutting down: it accepts no new requests", advice);
  }
  const words =
    body.status === "unavailable"
      ? "Its database does not respond"
      : `/readyz responds with ${status}`;
  const advice = `Run "rollcall doctor" on its host, with its environment and without an address`;
  return fault("readiness", words, advice);
}

/** The version is in the public openapi.json, which is absent when all dialects are disabled. */
function checkVersion({ body: { info } }: ProbeResponse): Finding[] {
  const version = info?.version;
  if (typeof version !== "string") return [];
  if (version === ownVersion)
    return [ok("version", `Rollcall ${version}, the same as this command`)];
  const message = `The gateway is Rollcall ${version}, this command ${ownVersion}`;
  const advice = "Use the command of the gateway's version";
  return [warning("version", message, advice)];
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
    const advice = "Set ROLLCALL_KEY or use --key-file";
    return warning("credential", "None given, so none was checked", advice);
  }
  try {
    const request = requestOverHttp(url, secret, signal);
    const { viewer } = await request<{ viewer: Viewer }>(`{ viewer { kind name permissions } }`);
    return permissionsOf(viewer);
  } catch (error) {
    if (!(error instanceof CliError) || signal.aborted) throw error;
    return refusedCredential(error);
  }
}

function permissionsOf({ kind, name, permissions }: Viewer): Finding {
  const holder = `${kind === "SESSION" ? "The user" : "The key"} "${name}"`;
  if (permissions.length > 0) return ok("credential", `${holder} has: ${permissions.join(", ")}`);
  const advice = `To create one with permissions: "rollcall key create … --permission …"`;
  return warning("credential", `${holder} is valid, but has no permission`, advice);
}

function refusedCredential({ code, message }: CliError): Finding {
  const words = `Not accepted: ${message}`;
  if (code === "UNAUTHENTICATED") {
    const advice = `Check that it is complete, not expired and not revoked; "rollcall key create" creates another`;
    return fault("credential", words, advice);
  }
  return fault("credential", words, "Try again later, and read the gateway's log");
}
