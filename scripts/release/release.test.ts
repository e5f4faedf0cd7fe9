// The release script on a git repository of its own, with this repository's package files.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { versionedFiles } from "./version.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const files = versionedFiles(repository);
let root: string;

const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
const release = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(repository, "scripts/release.ts"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
const versionOf = (file: string) =>
  (JSON.parse(readFileSync(path.join(root, file), "utf8")) as { version: string }).version;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "release-"));
  for (const file of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    cpSync(path.join(repository, file), path.join(root, file));
  }
  writeFileSync(path.join(root, "CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Tags.\n");
  git("init", "--quiet");
  for (const [name, value] of [
    ["user.name", "Test"],
    ["user.email", "test@example.com"],
  ] as const)
    git("config", name, value);
  git("add", ".");
  git("commit", "--quiet", "--message", "start");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("without --yes it prints the plan and changes nothing", () => {
  const { status, stdout } = release("2.0.0");
  expect(status).toBe(0);
  expect(stdout).toContain("-> 2.0.0");
  expect(stdout).toContain("- Tags.");
  expect(git("status", "--porcelain")).toBe("");
  expect(git("tag")).toBe("");
});

test("with --yes it sets every version, moves the changelog's section, commits and tags", () => {
  expect(release("2.0.0", "--yes")).toMatchObject({ status: 0, stderr: "" });
  expect(new Set(files.map(versionOf))).toEqual(new Set(["2.0.0"]));
  for (const file of files)
    expect(readFileSync(path.join(root, file), "utf8")).not.toMatch(/@sluice\/\w+": "(?!2\.0\.0)/);
  expect(readFileSync(path.join(root, "CHANGELOG.md"), "utf8")).toMatch(
    /## \[Unreleased\]\n\n## \[2\.0\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- Tags\.\n$/,
  );
  expect(git("status", "--porcelain")).toBe("");
  expect(git("describe")).toBe("v2.0.0");
  expect(git("log", "-1", "--format=%s")).toBe("chore(release): 2.0.0");
});

test("only versions change in the package files", () => {
  release("2.0.0", "--yes");
  const changed = git("diff", "-U0", "HEAD~1", "--", ...files).match(/^[+-] .*$/gm)!;
  expect(changed.length).toBeGreaterThan(2 * files.length);
  expect(changed.filter((line) => !/"(version|@sluice\/\w+)": "/.test(line))).toEqual([]);
});

test("a changed tree, an existing tag and an empty section are refused", () => {
  writeFileSync(path.join(root, "new.txt"), "");
  expect(release("2.0.0", "--yes")).toMatchObject({ status: 1, stderr: expect.stringContaining("new.txt") });
  git("add", ".");
  git("commit", "--quiet", "--message", "new");
  git("tag", "v2.0.0");
  expect(release("2.0.0", "--yes").stderr).toContain("The tag v2.0.0 exists");
  expect(release("3.0.0", "--yes").status).toBe(0);
  expect(release("patch", "--yes").stderr).toContain('has no text under "## [Unreleased]"');
});
