import type { Command } from "commander";
import { type CommandLine, examples, group } from "../command-line.js";
import { record, table } from "../layout.js";
import { userBy } from "../user-argument.js";
import { collect, time, whole } from "../argument-parsers.js";
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

const SECRET_NOTE = "The secret is not shown again: store it safely.";

export function addKeyCommands(program: Command, line: CommandLine): void {
  const keys = group(program, "key", "API keys: the credentials of programs");

  keys
    .command("create")
    .description("create a key; its secret is shown once")
    .argument("<name>", "its purpose")
    .requiredOption("--permission <name>", "a permission of the key; repeatable", collect)
    .option("--owner <user>", "the user that legacy clients mean when they name none")
    .option("--expires <time>", "expiry: 90d, or 2027-01-31T00:00:00Z", time)
    .addHelpText(
      "after",
      examples(
        `key create "wallboard" --permission USER_READ --expires 90d`,
        `key create "router" --permission USER_READ --permission API_RESERVE_USER --json`,
      ),
    )
    .action(
      line.clientAction<{ permission: string[]; owner?: string; expires?: string }>(
        async (
          { request },
          { args: [name], options: { permission: permissions, owner, expires } },
        ) => {
          const input = {
            name,
            permissions,
            expiresAt: expires,
            owner: owner === undefined ? undefined : userBy(owner),
          };
          const { createApiKey: created } = await request<{
            createApiKey: { apiKey: KeyData; secret: string };
          }>(
            `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { ...Key } secret } } ${KEY}`,
            { input },
          );
          return {
            data: { ...created.apiKey, secret: created.secret },
            text: (paint) => keyText(paint, created.apiKey, { secret: created.secret }),
            note: SECRET_NOTE,
          };
        },
      ),
    );

  keys
    .command("list")
    .description("list all keys, including revoked ones; no secrets")
    .addHelpText("after", examples("key list"))
    .action(
      line.clientAction(async ({ request }) => {
        const { apiKeys } = await request<{ apiKeys: KeyData[] }>(`{ apiKeys { ...Key } } ${KEY}`);
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
    .description("revoke a key; takes effect with the next request")
    .argument("<id>", "as printed by key list")
    .addHelpText("after", examples("key revoke QXBpS2V5OjE"))
    .action(
      line.clientAction(async ({ request }, { args: [id] }) => {
        const { revokeApiKey } = await request<{ revokeApiKey: { apiKey: KeyData } }>(
          `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { ...Key } } } ${KEY}`,
          { input: { id } },
        );
        const { apiKey } = revokeApiKey;
        return { data: apiKey, text: (paint) => keyText(paint, apiKey) };
      }),
    );

  keys
    .command("rotate")
    .description("give a key a new secret, which is shown once")
    .argument("<id>", "as printed by key list")
    .option(
      "--overlap <seconds>",
      "how long the old secret stays valid",
      whole(0, WEEK_SECONDS),
      86_400,
    )
    .addHelpText("after", examples("key rotate QXBpS2V5OjE --overlap 3600"))
    .action(
      line.clientAction<{ overlap: number }>(async ({ request }, { args: [id], options }) => {
        const { rotateApiKey: rotated } = await request<{
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
          note: SECRET_NOTE,
        };
      }),
    );
}
