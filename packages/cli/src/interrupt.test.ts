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

/** What a program says when it is broken off once it has printed something. */
async function brokenOff(program: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  const said = text(child.stderr);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number];
  return { code, said: (await said).trim() };
}

test("a folder that Ctrl-C breaks off in the middle of many copies is not there, nor any part of it", async () => {
  const program = `
    const { outputFolder } = await import(${moduleOf("command/dataset/output-folder.ts")});
    const output = await outputFolder("out");
    const bytes = async function* () { for (;;) yield await new Promise((go) => setImmediate(go, Buffer.alloc(64))); };
    for (let at = 0; at < 7; at++) await output.copy("deep/" + at + "/file", bytes());
    console.log("copying");`;
  expect(await brokenOff(program)).toEqual({
    code: 130,
    said: "Broken off: nothing was written. Run it again.",
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("of several stages under way the latest that has something to say says it, and none that is over", async () => {
  const program = `
    const { onInterrupt } = await import(${moduleOf("interrupt.ts")});
    onInterrupt(() => "The first.");
    onInterrupt(() => "The second.");
    onInterrupt(undefined);
    onInterrupt(() => "Over.")();
    console.log("waiting");
    setInterval(() => {}, 1000);`;
  expect(await brokenOff(program)).toEqual({ code: 130, said: "The second." });
});
