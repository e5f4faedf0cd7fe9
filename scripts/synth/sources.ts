// What the lock is made from. Comparing digests tells a stale lock in milliseconds, where SST is not installed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { inProject } from "./project.ts";

/** Of the code alone: comments and layout change nothing. */
export function sourcesDigest(): string {
  const hash = createHash("sha256");
  for (const file of files()) {
    const { code } = transformSync(readFileSync(inProject(file), "utf8"), {
      loader: "ts",
      minifyWhitespace: true,
    });
    hash.update(`${file}\n${code}\n`);
  }
  const { version } = JSON.parse(readFileSync(inProject("node_modules/sst/package.json"), "utf8")) as {
    version: string;
  };
  return hash.update(version).digest("hex");
}

function files(): string[] {
  const sources = (folder: string) =>
    readdirSync(inProject(folder))
      .filter((name) => name.endsWith(".ts") && !/\.(test|d)\.ts$/.test(name))
      .map((name) => `${folder}/${name}`);
  return ["sst.config.ts", ...sources("infra"), ...sources("packages/models/src")].toSorted();
}
