import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";

const module = path.join(import.meta.dirname, "scratch.ts");

test("a command that Ctrl-C breaks off leaves no folder behind, and says how to go on", async () => {
  const program = `
    const { scratch } = await import(${JSON.stringify(module)});
    const [outer, inner] = [await scratch("outer", () => "Run it again."), await scratch("inner")];
    console.log(outer.folder + "\\n" + inner.folder);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const said = text(child.stderr);
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const folders = String(printed).trim().split("\n");
  expect(folders.map(existsSync)).toEqual([true, true]);
  child.kill("SIGINT");
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(130);
  expect((await said).trim()).toBe("Run it again.");
  expect(folders.map(existsSync)).toEqual([false, false]);
});

test("one that ends by itself leaves neither folder nor listener", async () => {
  const before = [process.listenerCount("SIGINT"), process.listenerCount("exit")];
  const { folder, done } = await scratch("test");
  done();
  expect(existsSync(folder)).toBe(false);
  expect([process.listenerCount("SIGINT"), process.listenerCount("exit")]).toEqual(before);
});
