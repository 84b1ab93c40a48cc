import { type Cell, record, table } from "../layout.js";
import type { Paint } from "../terminal.js";

export interface UserData {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly email: string | null;
  readonly telephone: string | null;
  readonly language: string;
  readonly dateFormat: string;
  readonly kind: string;
  readonly active: boolean;
  /** Requested only by `user show`, because it requires a further permission. */
  readonly permissions?: readonly string[];
  readonly livechatRoles: readonly string[];
  readonly groups: readonly { readonly name: string }[];
  readonly externalIds: readonly { readonly system: string; readonly id: string }[];
  readonly presence: { readonly online: boolean; readonly status: { readonly name: string } };
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The fields that the commands print. */
export const USER = `fragment UserFields on User {
  id username displayName firstname lastname email telephone language dateFormat kind active
  livechatRoles groups { name } externalIds { system id uid } presence { online status { name } }
  version createdAt updatedAt
}`;

export const userText = (user: UserData) => (paint: Paint) =>
  record(paint, {
    username: user.username,
    name: user.displayName,
    email: user.email,
    telephone: user.telephone,
    language: user.language,
    "date format": user.dateFormat,
    kind: user.kind,
    active: user.active,
    status: user.presence.status.name,
    online: user.presence.online,
    roles: user.livechatRoles.join(", "),
    ...(user.permissions && { permissions: user.permissions.join(", ") }),
    groups: user.groups.map(({ name }) => name).join(", "),
    ...Object.fromEntries(user.externalIds.map(({ system, id }): [string, Cell] => [system, id])),
    id: user.id,
    version: user.version,
    created: user.createdAt,
    changed: user.updatedAt,
  });

export const usersText = (users: readonly UserData[]) => (paint: Paint) =>
  table(
    paint,
    ["USERNAME", "NAME", "E-MAIL", "KIND", "ACTIVE", "STATUS", "ROLES"],
    users.map((user) => [
      user.username,
      user.displayName,
      user.email,
      user.kind,
      user.active,
      user.presence.status.name,
      user.livechatRoles.join(", "),
    ]),
  );
