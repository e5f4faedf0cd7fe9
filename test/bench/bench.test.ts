// The program itself, with two measurements that take a second.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { root } from "../support/sample.ts";

async function bench(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path.join(root, "bench/main.ts"), ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number, stdout, stderr };
}

test("a measurement that fails does not stop the next, and is named at the end", async () => {
  // Preparing needs a temporary folder, boxes do not.
  const { code, stdout, stderr } = await bench(["prepare", "boxes", "--small"], {
    TMPDIR: "/missing/folder",
  });
  expect(stdout).toContain("prepare FAILED");
  expect(stdout).toContain("simple p50 ms");
  expect(stderr).toContain("1 of 2 measurements succeeded");
  expect(stderr).toMatch(/^failed: prepare: .*exit code 1/m);
  expect(code).toBe(1);
});

test("--json prints only figures to standard output", async () => {
  const { code, stdout, stderr } = await bench(["boxes", "1", "--json"]);
  expect(code).toBe(0);
  const { machine, measurements } = JSON.parse(stdout);
  expect(machine).toMatchObject({ cores: expect.any(Number), node: process.version });
  expect(measurements).toMatchObject([
    { name: "boxes", size: 1, unit: "rounds", seconds: expect.any(Number) },
  ]);
  expect(measurements[0].tables[0].rows.map((row: { boxes: number }) => row.boxes)).toEqual([51, 300, 300]);
  expect(stderr).toContain("== boxes");
});

test.each([[["nothing"]], [["boxes", "none"]], [["boxes", "0"]], [["--unknown"]]])(
  "%j ends with exit code 2 and runs nothing",
  async (args) => {
    const { code, stdout, stderr } = await bench(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("`npm run bench -- --help` lists measurements and options.");
  },
);

test("--help lists the measurements", async () => {
  const { code, stdout } = await bench(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}serving-soak +\S/m);
});
