import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { create, Header } from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf, inspectArchive } from "./archive.ts";

const manifest = {
  format: 1,
  model: "vehicles",
  version: "1",
  task: "image-classification",
  classes: ["car", "bus"],
  input: { kind: "image", width: 96, height: 96 },
  output: { head: "softmax" },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-archive-"));
  await writeFile(path.join(folder, "sluice.json"), JSON.stringify(manifest));
  await writeFile(path.join(folder, "model.onnx"), Buffer.alloc(100_000, 7));
  await writeFile(path.join(folder, "broken.json"), "{");
  await mkdir(path.join(folder, "code"));
  await writeFile(path.join(folder, "code/inference.py"), "pass");
  await symlink("/etc/passwd", path.join(folder, "link"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function archive(files: string[], more: object = {}) {
  const file = path.join(folder, "made.tar.gz");
  await create({ gzip: true, file, cwd: folder, ...more }, files);
  return readFile(file);
}
const closed = (mode: number) => (entry: { stat: { mode: number } }) => void (entry.stat.mode = mode);
const look = (bytes: Uint8Array) => inspectArchive(Readable.from([bytes]));

/** An archive of one file under any name, as no honest tool would write it. */
function forged(name: string): Buffer {
  const header = new Header({ path: name, size: 4, type: "File", mode: 0o644, mtime: new Date(0) });
  const block = Buffer.alloc(512);
  header.encode(block, 0);
  return gzipSync(Buffer.concat([block, Buffer.concat([Buffer.from("evil")], 512), Buffer.alloc(1024)]));
}

describe("A package", () => {
  test("has a digest of its files, independent of order, times and compression", async () => {
    const one = await look(await archive(["model.onnx", "sluice.json", "code"]));
    const other = await look(
      await archive(["./code", "./sluice.json", "./model.onnx"], {
        gzip: { level: 1 },
        mtime: new Date(1e12),
      }),
    );
    expect(other.digest).toBe(one.digest);
    expect(one.manifest).toEqual({
      task: manifest.task,
      classes: ["car", "bus"],
      head: "softmax",
      width: 96,
      height: 96,
    });
    const without = await look(await archive(["model.onnx", "sluice.json"]));
    expect(without.digest).not.toBe(one.digest);
  });

  test("has another digest for other content or another name", () => {
    const files = fc.dictionary(fc.string({ minLength: 1 }), fc.stringMatching(/^[0-9a-f]{64}$/), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(files, files, (one, other) => {
        const [left, right] = [one, other].map((all) => new Map(Object.entries(all)));
        const [a, b] = [left, right].map((files) =>
          JSON.stringify([...files!].map((file) => JSON.stringify(file)).toSorted()),
        );
        const same = a === b;
        expect(digestOf(left!) === digestOf(right!)).toBe(same);
      }),
    );
  });

  test.each([
    ["with a link", () => archive(["model.onnx", "sluice.json", "link"]), "PACKAGE_HOSTILE", /SymbolicLink/],
    ["that leaves its folder", () => forged("../../etc/cron.d/evil"), "PACKAGE_HOSTILE", /outside/],
    ["with an absolute path", () => forged("/etc/evil"), "PACKAGE_HOSTILE", /absolute/],
    ["without a model", () => archive(["sluice.json"]), "PACKAGE_INVALID", /no model\.onnx/],
    ["without a description", () => archive(["model.onnx"]), "PACKAGE_INVALID", /no sluice\.json/],
    [
      "that is incomplete",
      async () => (await archive(["model.onnx", "sluice.json"])).subarray(0, 120),
      "PACKAGE_INVALID",
      /tar\.gz/,
    ],
    ["that is not an archive", () => Buffer.from("PK\u0003\u0004"), "PACKAGE_INVALID", /tar\.gz/],
    ["that is empty", () => Buffer.alloc(0), "PACKAGE_INVALID", /./],
    ["of zeros", () => gzipSync(Buffer.alloc(4096)), "PACKAGE_INVALID", /tar\.gz/],
    [
      "with files that only their owner can read",
      () => archive(["model.onnx", "sluice.json"], { onWriteEntry: closed(0o600) }),
      "PACKAGE_INVALID",
      /'model\.onnx' .*\(mode 0600\)/,
    ],
    [
      "with a folder that only its owner can read",
      () => archive(["model.onnx", "sluice.json", "code"], { onWriteEntry: closed(0o700) }),
      "PACKAGE_INVALID",
      /\(mode 0700\)/,
    ],
    [
      "with a duplicate file",
      () => archive(["model.onnx", "sluice.json", "./model.onnx"]),
      "PACKAGE_HOSTILE",
      /twice/,
    ],
  ] as const)("%s is an error", async (_, make, code, message) => {
    await expect(look(await make())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w{4}/),
    });
  });

  test("of random bytes is an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (noise) => {
        await expect(look(noise)).rejects.toMatchObject({ code: "PACKAGE_INVALID" });
        await expect(look(gzipSync(noise))).rejects.toMatchObject({
          code: expect.stringMatching(/^PACKAGE_/),
        });
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
