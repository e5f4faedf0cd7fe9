import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-interrupt-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const moduleOf = (file: string) => JSON.stringify(path.join(import.meta.dirname, file));

/** Sends SIGINT after the first output, and returns the exit code and standard error. */
async function interrupt(program: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  const stderr = text(child.stderr);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number];
  return { code, stderr: (await stderr).trim() };
}

test("Ctrl-C during many copies leaves no output folder and no partial files", async () => {
  const program = `
    const { createOutputFolder } = await import(${moduleOf("../dataset/output-folder.ts")});
    const output = await createOutputFolder("out");
    const bytes = async function* () { for (;;) yield await new Promise((go) => setImmediate(go, Buffer.alloc(64))); };
    for (let at = 0; at < 7; at++) await output.copyFile("deep/" + at + "/file", bytes());
    console.log("copying");`;
  expect(await interrupt(program)).toEqual({
    code: 130,
    stderr: "Interrupted. Nothing was written. Run it again.",
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("Ctrl-C prints the message of the latest active stage that has one", async () => {
  const program = `
    const { onInterrupt } = await import(${moduleOf("interrupt.ts")});
    onInterrupt(() => "The first.");
    onInterrupt(() => "The second.");
    onInterrupt(undefined);
    onInterrupt(() => "Over.")();
    console.log("waiting");
    setInterval(() => {}, 1000);`;
  expect(await interrupt(program)).toEqual({ code: 130, stderr: "The second." });
});
