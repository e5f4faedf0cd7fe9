// Packages that differ from a good one in what a test needs them to.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pack, unpack } from "@sluice/inference/archive.ts";
import { create } from "tar";

type Manifest = Record<string, unknown>;

interface Difference {
  manifest?: (given: Manifest) => Manifest;
  /** In place of model.onnx. */
  onnx?: Uint8Array;
}

/** The same package with other content. */
export async function differently(bytes: Uint8Array, { manifest, onnx }: Difference): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    const dir = path.join(folder, "package");
    await writeFile(path.join(folder, "given.tar.gz"), bytes);
    await unpack(path.join(folder, "given.tar.gz"), dir);
    const file = path.join(dir, "sluice.json");
    if (manifest)
      await writeFile(file, JSON.stringify(manifest(JSON.parse(await readFile(file, "utf8")) as Manifest)));
    if (onnx) await writeFile(path.join(dir, "model.onnx"), onnx);
    await pack(dir, path.join(folder, "made.tar.gz"));
    return readFile(path.join(folder, "made.tar.gz"));
  });
}

/** The same content in another archive: other order, other times, other names for the same places. */
export async function repacked(bytes: Uint8Array): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    const dir = path.join(folder, "package");
    await writeFile(path.join(folder, "given.tar.gz"), bytes);
    await unpack(path.join(folder, "given.tar.gz"), dir);
    await create(
      { gzip: { level: 1 }, file: path.join(folder, "made.tar.gz"), cwd: dir, mtime: new Date(1e12) },
      (await readdir(dir)).toReversed().map((name) => `./${name}`),
    );
    return readFile(path.join(folder, "made.tar.gz"));
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-package-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
