// Python, pip and the stamp, with programs of this test in place of an interpreter: no network.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stampFile } from "@sluice/core/training/torch/environment.ts";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { installPackages } from "./pip.ts";
import { findPython } from "./python.ts";
import { readStamp, removeStamp, requirementsDigest, statusOf, writeStamp } from "./stamp.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-setup-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An executable that prints these lines and exits with `code`. */
function program(lines: string[], code = 0): string {
  const file = path.join(folder, "program");
  writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${lines.join("\n")}\nEND\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return file;
}
const python = (version: number[], complete: boolean) => program([JSON.stringify({ version, complete })]);

describe("Python", () => {
  test("is used from its minimum version", () => {
    const command = python([3, 13], true);
    expect(findPython(command)).toEqual({ command, version: "3.13" });
  });

  test.each<[string, () => string, RegExp]>([
    ["PYTHON_MISSING", () => path.join(folder, "absent"), /absent does not run: .*ENOENT/],
    ["PYTHON_MISSING", () => program(["broken"], 1), /does not run/],
    ["PYTHON_TOO_OLD", () => python([3, 9], true), /is Python 3\.9/],
    ["PYTHON_TOO_OLD", () => python([2, 7], true), /is Python 2\.7/],
    ["PYTHON_INCOMPLETE", () => python([3, 12], false), /cannot create a virtual environment/],
  ])("is refused with its fix: %s", (code, command, message) => {
    expect(() => findPython(command())).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/nstall/),
      }),
    );
  });
});

describe("pip", () => {
  test("reports its last lines when it fails", async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    await expect(installPackages(program(lines, 1), ["x"])).rejects.toThrow(
      expect.objectContaining({
        code: "PACKAGES_NOT_INSTALLED",
        message: expect.stringMatching(/^pip ended with 1[^]*line 12\n[^]*line 19$/),
      }),
    );
  });

  test.each([
    ["ERROR: No matching distribution found for torch==2.13.0", "PACKAGES_NOT_INSTALLED", /--index-url/],
    ["OSError: [Errno 28] No space left on device", "DISK_FULL", /Free some space/],
  ])("names the fix for: %s", async (line, code, hint) => {
    await expect(installPackages(program([line], 2), [])).rejects.toThrow(
      expect.objectContaining({ code, hint: expect.stringMatching(hint) }),
    );
  });

  test("that ends well is no error", async () => {
    await expect(installPackages(program(["Progress 1 of 2", "Downloading a.whl (2 MB)"]), [])).resolves.toBe(
      undefined,
    );
  });
});

describe("the stamp", () => {
  const own = path.join(folder, "environment");
  const stamp = { requirements: requirementsDigest(), python: "/bin/python", versions: { torch: "2.13.0" } };
  beforeEach(() => mkdirSync(own, { recursive: true }));

  test("of current requirements is ready, of others outdated, and an unfinished environment has none", () => {
    expect(statusOf(readStamp(own))).toBe("missing");
    writeStamp(own, stamp);
    expect(readStamp(own)).toEqual(stamp);
    expect(statusOf(readStamp(own))).toBe("ready");
    writeStamp(own, { ...stamp, requirements: "other" });
    expect(statusOf(readStamp(own))).toBe("outdated");
    removeStamp(own);
    expect(existsSync(stampFile(own))).toBe(false);
    writeFileSync(stampFile(own), "{");
    expect(statusOf(readStamp(own))).toBe("missing");
  });
});
