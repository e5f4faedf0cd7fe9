// Checks sst.config.ts and infra/ against the real platform's types. The platform ships as source that our stricter
// options would find fault with, so only what is said about the project's own files counts.
import { spawnSync } from "node:child_process";
import { inProject, root } from "./project.ts";

/** The compiler's complaints, one an entry; empty when all is well. */
export function typeErrors(): string[] {
  const { stdout, stderr, error } = spawnSync(
    process.execPath,
    [
      inProject("node_modules/typescript/bin/tsc"),
      "--noEmit",
      "--pretty",
      "false",
      "-p",
      "infra/tsconfig.json",
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  if (error) throw error;
  // A complaint's further lines are indented.
  const complaints = stdout.split(/\n(?! )/).filter((text) => text.trim() !== "");
  if (complaints.length === 0 && stderr.trim() !== "") throw new Error(`tsc failed: ${stderr.trim()}`);
  return complaints.filter((text) => !text.startsWith(".sst/"));
}
