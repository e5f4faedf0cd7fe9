// `sluice setup` with the real binary, without a network.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stampFile } from "@sluice/core/training/torch/environment.ts";
import { requirementsDigest } from "@sluice/cli/setup/stamp.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sluice } from "./sluice.ts";

let folder: string;
beforeEach(() => void (folder = path.join(mkdtempSync(path.join(tmpdir(), "sluice-setup-")), "torch")));
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

const setup = (...args: string[]) => sluice(["setup", ...args], "", { SLUICE_TORCH: folder });
const stamp = (requirements: string) =>
  JSON.stringify({ requirements, python: "/bin/python", versions: { torch: "2.13.0+cpu" } });

test("without a name lists what can be installed", async () => {
  expect((await setup("--json")).json()).toMatchObject({
    items: [{ name: "torch", status: "missing", folder }],
  });
  const { code, stdout } = await setup();
  expect(code).toBe(0);
  expect(stdout).toMatch(/torch +missing[\s\S]*npx sluice setup torch/);
  expect(existsSync(folder)).toBe(false);
});

test("says what it will do, and fails with the reason and the fix", async () => {
  const { code, stdout, stderr } = await setup("torch", "--python", "no-such-python");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/download +about [\d.]+ GB[\s\S]*disk +about [\d.]+ GB[\s\S]*time /);
  expect(stderr).toMatch(/PYTHON_MISSING: no-such-python does not run[\s\S]*--python/);
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect((await setup("--json")).json()).toMatchObject({ items: [{ status: "missing" }] });
});

test("changes nothing that is complete", async () => {
  await setup("torch", "--python", "no-such-python");
  writeFileSync(stampFile(folder), stamp(requirementsDigest()));
  const before = readFileSync(stampFile(folder), "utf8");
  expect((await setup("torch", "--json")).json()).toMatchObject({ status: "ready", changed: false, folder });
  expect((await setup("torch")).stdout).toContain("PyTorch 2.13.0+cpu is installed already");
  expect(readFileSync(stampFile(folder), "utf8")).toBe(before);
});

test("reports an environment of other requirements as outdated", async () => {
  await setup("torch", "--python", "no-such-python");
  writeFileSync(stampFile(folder), stamp("0".repeat(64)));
  expect((await setup("--json")).json()).toMatchObject({ items: [{ status: "outdated" }] });
  const { json } = await sluice(["doctor", "--json", "--dir", folder], "", { SLUICE_TORCH: folder });
  expect(json().findings).toContainEqual(
    expect.objectContaining({ check: "torch", status: "warn", fix: expect.stringContaining("setup torch") }),
  );
});
