import { resolve } from "node:path";
import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";
import { credentialOf } from "../credential.js";
import { fault, type Finding, ok } from "../doctor/finding.js";
import { exitCodes } from "../exit-codes.js";
import { gatewayUrl, type Target } from "../gateway-client.js";
import { sanitize, type Paint, type Style, type Terminal } from "../terminal.js";

/** This file runs from dist/src/cli/operator. */
const CHECKOUT = resolve(__dirname, "..", "..", "..", "..");

const styles: Readonly<Record<Finding["state"], Style>> = {
  ok: "green",
  warning: "yellow",
  fault: "red",
};

export function addDoctorCommand(program: Command, line: CommandLine): void {
  program
    .command("doctor")
    .description(
      "check everything that Rollcall needs, or a gateway, and print remedies; changes nothing",
    )
    .addHelpText("after", examples("doctor", "doctor --url https://rollcall.example.com --json"))
    .action(
      line.action(async ({ options }) => {
        const url = gatewayUrl(options, line.terminal);
        const findings = await (url === undefined
          ? checkHost(line.terminal)
          : checkRemote(url, options, line.terminal));
        const isHealthy = findings.every(({ state }) => state !== "fault");
        return {
          data: { ok: isHealthy, findings },
          text: (paint) => findings.map((finding) => textOf(finding, paint)).join("\n"),
          exitCode: isHealthy ? exitCodes.done : exitCodes.refused,
        };
      }),
    );
}

async function checkRemote(url: string, { keyFile }: Target, terminal: Terminal) {
  const { checkGateway } = await import("../doctor/gateway.js");
  return checkGateway(url, await credentialOf(keyFile, terminal), terminal.signal);
}

async function checkHost({ env }: Terminal): Promise<Finding[]> {
  const { checkDataDir, checkNode, checkPort } = await import("../doctor/machine.js");
  const { ConfigError, loadConfig } = await import("../../config/schema.js");
  try {
    const { host, port, database } = loadConfig(env);
    const { defaultDataDir } = await import("../../embedded-postgres/index.js");
    const { checkDatabase } = await import("../doctor/database.js");
    return [
      checkNode(),
      ok("configuration", "The environment is valid"),
      ...(database.url === undefined
        ? await checkDataDir(database.dataDir ?? defaultDataDir(CHECKOUT))
        : await checkDatabase(database.url, database.poolMax, database.directUrl)),
      await checkPort(host, port),
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = "Set these as in .env.example; nothing else was checked";
    return [checkNode(), fault("configuration", error.message, advice)];
  }
}

const textOf = ({ check, state, words, advice }: Finding, paint: Paint): string => {
  const head = `${paint(styles[state], state.padEnd(7))}  ${check.padEnd(14)}  ${sanitize(words)}`;
  return advice === undefined
    ? head
    : `${head}\n${" ".repeat(9)}${paint("bold", "To do:")} ${advice}`;
};
