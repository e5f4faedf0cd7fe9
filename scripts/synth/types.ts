// Checks sst.config.ts and infra/ against the platform's types. The platform's sources fail our stricter options, so
// only errors in the project's own files count.
import { spawnSync } from "node:child_process";
import { inProject, root } from "./project.ts";

/** The compiler's errors, one per entry. */
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
  // Further lines of an error are indented.
  const complaints = stdout.split(/\n(?! )/).filter((text) => text.trim() !== "");
  if (complaints.length === 0 && stderr.trim() !== "") throw new Error(`tsc failed: ${stderr.trim()}`);
  return complaints.filter((text) => !text.startsWith(".sst/"));
}
