// State folders that `sluice` cannot use: one line with a code and what to do, and no stack.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../support/sample.ts";
import { sluice } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (dir: string) => ["start", "--no-samples", "--port", "0", "--dir", dir];
const made = (name: string, content: string) => {
  const dir = mkdtempSync(path.join(folder, "state-"));
  writeFileSync(path.join(dir, name), content);
  return dir;
};

test("a damaged cloud.db is named in one line", async () => {
  const dir = made("cloud.db", "garbage".repeat(1_000));
  const { code, stdout, stderr } = await sluice(start(dir));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^CLOUD_DB_DAMAGED: \S+cloud\.db is damaged .* Restore it from a backup.*\n$/);
});

test.each([["start"], ["endpoints"]])("a broken local.json is named by `sluice %s`", async (command) => {
  const dir = made("local.json", "null");
  const { code, stderr } = await sluice(
    command === "start" ? start(dir) : ["endpoints", "list", "--dir", dir],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^LOCAL_JSON_INVALID: \S+local\.json cannot be used: .*\n {2}Delete that file.*\n$/);
});

/** Under a limit on file sizes no file can grow, as on a full disk. */
test("a start that cannot write says so in one line", async () => {
  const dir = path.join(folder, "full");
  const program = path.join(root, "packages/cli/src/main.ts");
  const command = `ulimit -f 0 && exec "$0" "$@"`;
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    (resolve) =>
      execFile("sh", ["-c", command, process.execPath, program, ...start(dir)], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      ),
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^DISK_FULL: The disk is full: \S+full cannot be written .* Free some space there.*\n$/,
  );
});
