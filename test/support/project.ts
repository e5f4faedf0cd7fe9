// A copy of this project whose sources a test may change. Installed packages are links to those of this project.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./sample.ts";

const COPIED = [
  "packages",
  "containers",
  "infra",
  "scripts",
  "sst.config.ts",
  "package.json",
  "tsconfig.json",
];

export function copyProject() {
  const copy = mkdtempSync(path.join(tmpdir(), "sluice-project-"));
  for (const name of COPIED) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  const [from, to] = [root, copy].map((folder) => path.join(folder, "node_modules"));
  mkdirSync(to!);
  for (const name of readdirSync(from!)) {
    if (name === "@sluice")
      cpSync(path.join(from!, name), path.join(to!, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(path.join(from!, name), path.join(to!, name));
  }
  return {
    root: copy,
    /** Edits a file; `undefined` restores it. */
    edit(file: string, change: ((text: string) => string) | undefined) {
      const original = readFileSync(path.join(root, file), "utf8");
      writeFileSync(path.join(copy, file), change ? change(original) : original);
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}
