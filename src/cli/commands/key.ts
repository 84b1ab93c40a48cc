import type { Command } from "commander";
import { type CommandLine, examples, group } from "../command-line.js";
import { record, table } from "../layout.js";
import { personBy } from "../person.js";
import { collect, time, whole } from "../readers.js";
import type { Paint } from "../terminal.js";

const WEEK_SECONDS = 604_800;

const KEY = `fragment Key on ApiKey {
  id name prefix permissions owner { username } createdAt expiresAt lastUsedAt revokedAt
}`;

interface KeyData {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly owner: { readonly username: string } | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

const keyText = (paint: Paint, key: KeyData, more: Record<string, string> = {}) =>
  record(paint, {
    name: key.name,
    id: key.id,
    prefix: key.prefix,
    permissions: key.permissions.join(", "),
    owner: key.owner?.username,
    expires: key.expiresAt,
    revoked: key.revokedAt,
    ...more,
  });

const SHOWN_ONCE = "The secret is shown this once: keep it where nobody else can read it.";

export function addKeyCommands(program: Command, line: CommandLine): void {
  const keys = group(program, "key", "API keys: the credentials of programs");

  keys
    .command("create")
    .description("make a key; its secret is shown once")
    .argument("<name>", "what it is for")
    .requiredOption("--permission <name>", "what it may do; can be repeated", collect)
    .option("--owner <person>", "whose it is: whom old clients mean when they name nobody")
    .option("--expires <time>", "until when it works: 90d, or 2027-01-31T00:00:00Z", time)
    .addHelpText(
      "after",
      examples(
        `key create "wallboard" --permission USER_READ --expires 90d`,
        `key create "router" --permission USER_READ --permission API_RESERVE_USER --json`,
      ),
    )
    .action(
      line.asking<{ permission: string[]; owner?: string; expires?: string }>(
        async ({ ask }, { args: [name], options: { permission: permissions, owner, expires } }) => {
          const input = {
            name,
            permissions,
            expiresAt: expires,
            owner: owner === undefined ? undefined : personBy(owner),
          };
          const { createApiKey: made } = await ask<{
            createApiKey: { apiKey: KeyData; secret: string };
          }>(
            `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { ...Key } secret } } ${KEY}`,
            { input },
          );
          return {
            data: { ...made.apiKey, secret: made.secret },
            text: (paint) => keyText(paint, made.apiKey, { secret: made.secret }),
            note: SHOWN_ONCE,
          };
        },
      ),
    );

  keys
    .command("list")
    .description("all keys, also the revoked; no secrets")
    .addHelpText("after", examples("key list"))
    .action(
      line.asking(async ({ ask }) => {
        const { apiKeys } = await ask<{ apiKeys: KeyData[] }>(`{ apiKeys { ...Key } } ${KEY}`);
        return {
          data: apiKeys,
          text: (paint) =>
            table(
              paint,
              ["ID", "NAME", "PREFIX", "PERMISSIONS", "LAST USED", "EXPIRES", "REVOKED"],
              apiKeys.map((key) => [
                key.id,
                key.name,
                key.prefix,
                key.permissions.join(" "),
                key.lastUsedAt,
                key.expiresAt,
                key.revokedAt,
              ]),
            ),
        };
      }),
    );

  keys
    .command("revoke")
    .description("end a key; holds from the next request on")
    .argument("<id>", "as key list shows it")
    .addHelpText("after", examples("key revoke QXBpS2V5OjE"))
    .action(
      line.asking(async ({ ask }, { args: [id] }) => {
        const { revokeApiKey } = await ask<{ revokeApiKey: { apiKey: KeyData } }>(
          `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { ...Key } } } ${KEY}`,
          { input: { id } },
        );
        const { apiKey } = revokeApiKey;
        return { data: apiKey, text: (paint) => keyText(paint, apiKey) };
      }),
    );

  keys
    .command("rotate")
    .description("give a key a new secret, shown once")
    .argument("<id>", "as key list shows it")
    .option(
      "--overlap <seconds>",
      "for how long the old secret still works",
      whole(0, WEEK_SECONDS),
      86_400,
    )
    .addHelpText("after", examples("key rotate QXBpS2V5OjE --overlap 3600"))
    .action(
      line.asking<{ overlap: number }>(async ({ ask }, { args: [id], options }) => {
        const { rotateApiKey: rotated } = await ask<{
          rotateApiKey: { apiKey: KeyData; secret: string; oldSecretUntil: string };
        }>(
          `mutation ($input: RotateApiKeyInput!) {
             rotateApiKey(input: $input) { apiKey { ...Key } secret oldSecretUntil }
           } ${KEY}`,
          { input: { id, overlapSeconds: options.overlap } },
        );
        const { apiKey, secret, oldSecretUntil } = rotated;
        return {
          data: { ...apiKey, secret, oldSecretUntil },
          text: (paint) => keyText(paint, apiKey, { secret, "old secret until": oldSecretUntil }),
          note: SHOWN_ONCE,
        };
      }),
    );
}
