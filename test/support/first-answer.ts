/** How long the database has for its answer to whether the gateway is ready, in src/server.ts. */
const DATABASE_HAS_MS = 1500;

/**
 * What is answered to the first question. Only where the machine itself stood still for as long as the database has for
 * its answer, it begins anew: what fails every time is no fault of the machine.
 *
 * @param prepare whatever the question is to come after
 */
export async function firstAnswer<Answer>(
  ask: () => Promise<Answer>,
  prepare: () => unknown = () => undefined,
): Promise<Answer> {
  for (let left = 2; ; left -= 1) {
    await prepare();
    const askedAt = performance.now();
    const answer = await ask();
    if (left === 0 || performance.now() - askedAt < DATABASE_HAS_MS) return answer;
  }
}

/** @returns the status of the first answer to whether it is ready */
export const readiness = (url: string): Promise<number> =>
  firstAnswer(async () => (await fetch(`${url}/readyz`)).status);
