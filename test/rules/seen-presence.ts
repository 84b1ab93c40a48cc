import type { PresenceSource, StatusClass, TelephoneStatus } from "../../src/domain/vocabulary.js";
import type { User } from "../../src/entities/user.entity.js";
import type { TestGateway } from "../support/gateway.js";
import { granted } from "./graphql-client-calls.js";

export interface SeenPresence {
  readonly status: { readonly id: number; readonly class: StatusClass };
  readonly source: PresenceSource;
  readonly since: string;
  readonly until: string | null;
  readonly configuredStatus: { readonly id: number } | null;
  readonly online: boolean;
  readonly lastSeenAt: string | null;
  readonly lastView: { module: string; view: string; target: string | null } | null;
  readonly telephoneStatus: TelephoneStatus;
  readonly telephoneChangedAt: string | null;
  readonly lock: {
    readonly status: { readonly id: number };
    readonly lockedBy: { readonly username: string } | null;
    readonly reason: string | null;
    readonly lockedAt: string;
    readonly until: string | null;
  } | null;
}

/** Everything that a client can see of a presence. */
export const PRESENCE = `
  status { id class } source since until configuredStatus { id } online lastSeenAt
  lastView { module view target } telephoneStatus telephoneChangedAt
  lock { status { id } lockedBy { username } reason lockedAt until }`;

/** The presence as a client sees it now. @param secret of a key with USER_READ */
export async function seePresence(
  { ask }: TestGateway,
  secret: string,
  { globalId }: User,
): Promise<SeenPresence> {
  const document = `query ($id: ID!) { user(by: { id: $id }) { presence { ${PRESENCE} } } }`;
  const answer = await ask(secret, document, { id: globalId });
  return granted<{ presence: SeenPresence }>(answer).presence;
}
