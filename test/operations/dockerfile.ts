import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./programs.js";

/** The start parameters of a container of the last stage. */
export interface Built {
  /** Its working directory. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: string;
}

/**
 * Executes a Dockerfile in plain directories with the running Node. It supports the instructions that ours uses.
 *
 * @param sources the directory that COPY reads from
 * @throws Error at an unsupported instruction
 */
export async function followDockerfile(sources: string, into: string): Promise<Built> {
  const stages = new Map<string, string>();
  let stage = { directory: into, workdir: "/" };
  const built = {
    environment: {} as Record<string, string>,
    user: "root",
    command: [] as string[],
  };
  let healthCheck = "";
  const at = (path: string) =>
    join(stage.directory, path.startsWith("/") ? path : join(stage.workdir, path));

  for (const [instruction, given] of instructionsOf(join(sources, "Dockerfile"))) {
    if (instruction === "FROM") {
      const name = / AS (\w+)$/.exec(given)?.[1] ?? "last";
      stage = { directory: join(into, name), workdir: "/" };
      stages.set(name, stage.directory);
      mkdirSync(stage.directory);
    } else if (instruction === "WORKDIR") {
      stage.workdir = given;
      mkdirSync(at("."), { recursive: true });
    } else if (instruction === "COPY") {
      const [, from, paths = ""] = /^(?:--from=(\w+) )?(.+)$/.exec(given) ?? [];
      const origin = from === undefined ? sources : (stages.get(from) ?? "");
      const names = paths.split(" ");
      const target = names.pop() ?? "";
      for (const name of names) {
        const to = target.endsWith("/") && names.length > 1 ? join(at(target), name) : at(target);
        mkdirSync(dirname(to), { recursive: true });
        const isFile = /\.json$/.test(name);
        cpSync(join(origin, name), isFile ? join(at(target), name) : to, { recursive: true });
      }
    } else if (instruction === "RUN") {
      await run("sh", ["-ec", given], { cwd: at("."), maxBuffer: 1e8 });
    } else if (instruction === "ENV") {
      const [name = "", value = ""] = given.split("=");
      built.environment[name] = value;
    } else if (instruction === "USER") built.user = given;
    else if (instruction === "CMD") built.command = JSON.parse(given) as string[];
    else if (instruction === "HEALTHCHECK") healthCheck = given.split(" CMD ")[1] ?? "";
    else if (instruction !== "EXPOSE") throw new Error(`not known here: ${instruction}`);
  }
  return { ...built, healthCheck, directory: at(".") };
}

const instructionsOf = (path: string): [string, string][] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [instruction = "", ...rest] = line.split(" ");
      return [instruction, rest.join(" ")];
    });
