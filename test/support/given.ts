import { randomUUID } from "node:crypto";
import { system } from "../../src/domain/actor.js";
import type { Permission } from "../../src/domain/vocabulary.js";
import type { User } from "../../src/entities/user.entity.js";
import type { CreateUserInput } from "../../src/services/users/user.service.js";
import type { TestGateway } from "./gateway.js";

/** The password of every user with one. */
export const PASSWORD = "correct horse battery staple";

/** A name that nothing else has. */
export const uniqueName = (prefix = "user"): string => `${prefix}-${randomUUID().slice(0, 13)}`;

/** Creates a user as the system, so that no row names a door yet. */
export function givenUser(
  { services }: TestGateway,
  properties: Partial<CreateUserInput> = {},
): Promise<User> {
  return services.users.create(system("given"), { username: uniqueName(), ...properties });
}

export async function givenAgent(
  gateway: TestGateway,
  properties: Partial<CreateUserInput> = {},
): Promise<User> {
  const user = await givenUser(gateway, properties);
  const role = { user: { id: user.globalId }, role: "AGENT" } as const;
  return gateway.services.agents.register(system("given"), role);
}

/** Creates a signed-in user. */
export async function givenSignedIn(
  gateway: TestGateway,
  ...permissions: Permission[]
): Promise<{ user: User; secret: string }> {
  const user = await givenUser(gateway, { permissions, password: PASSWORD });
  const origin = { door: "SYSTEM", requestId: "given" } as const;
  const credentials = { user: user.username, password: PASSWORD };
  const { token } = await gateway.services.login.login(origin, credentials);
  return { user, secret: token };
}
