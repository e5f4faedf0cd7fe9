import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createTempFolder } from "./temp-folder.ts";

const module = path.join(import.meta.dirname, "temp-folder.ts");

test("Ctrl-C removes the temporary folders and prints how to continue", async () => {
  const program = `
    const { createTempFolder } = await import(${JSON.stringify(module)});
    const [outer, inner] = [await createTempFolder("outer", () => "Run it again."), await createTempFolder("inner")];
    console.log(outer.folder + "\\n" + inner.folder);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const stderr = text(child.stderr);
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const folders = String(printed).trim().split("\n");
  expect(folders.map(existsSync)).toEqual([true, true]);
  child.kill("SIGINT");
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(130);
  expect((await stderr).trim()).toBe("Run it again.");
  expect(folders.map(existsSync)).toEqual([false, false]);
});

test("removing a temporary folder also removes its listeners", async () => {
  const before = [process.listenerCount("SIGINT"), process.listenerCount("exit")];
  const { folder, remove } = await createTempFolder("test");
  remove();
  expect(existsSync(folder)).toBe(false);
  expect([process.listenerCount("SIGINT"), process.listenerCount("exit")]).toEqual(before);
});
