// Model packages of any bytes are inspected, or rejected with the reason.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { create } from "tar";
import { afterAll, beforeAll, test } from "vitest";
import { damaged, jsonLike, neverBreaks } from "../../../../test/support/fuzz.ts";
import { SluiceError } from "../error/error.ts";
import { parseManifest } from "./manifest.ts";
import { inspectArchive } from "./archive.ts";

const manifest = {
  format: 1,
  model: "vehicles",
  version: "1",
  task: "image-classification",
  classes: ["car", "bus"],
  input: { kind: "image", width: 96, height: 96 },
  output: { head: "softmax" },
};
const isRefusal = (error: unknown) => error instanceof SluiceError && error.code.startsWith("PACKAGE_");

let archive: Buffer;
beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-fuzz-"));
  await writeFile(path.join(folder, "sluice.json"), JSON.stringify(manifest));
  await writeFile(path.join(folder, "model.onnx"), Buffer.alloc(3_000, 7));
  await create({ gzip: true, file: path.join(folder, "m.tar.gz"), cwd: folder }, [
    "sluice.json",
    "model.onnx",
  ]);
  archive = await readFile(path.join(folder, "m.tar.gz"));
  await rm(folder, { recursive: true });
});
afterAll(() => {
  archive = undefined as never;
});

test("a damaged archive", async () => {
  await neverBreaks(damaged(archive), (bytes) => inspectArchive(Readable.from([bytes])), isRefusal);
});

test("a damaged tar in a valid gzip", async () => {
  await neverBreaks(
    damaged(gunzipSync(archive)),
    (bytes) => inspectArchive(Readable.from([gzipSync(bytes)])),
    isRefusal,
  );
});

test("a sluice.json of any shape", async () => {
  await neverBreaks(jsonLike(manifest), parseManifest, isRefusal, 300);
});
