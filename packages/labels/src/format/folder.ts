// A local folder as a collection.
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Collection, Entry } from "./collection.ts";
import { byPath } from "./collection.ts";
import { safePath } from "./path.ts";

export function openFolder(root: string): Collection {
  const resolve = (file: string) => {
    const safe = safePath(file);
    return safe === undefined ? undefined : path.join(root, safe);
  };
  return {
    name: root,
    list: () => walk(root, ""),
    async read(file, limit) {
      const at = resolve(file);
      if (at === undefined) return undefined;
      return unlessMissing(limit === undefined ? readFile(at) : readStart(at, limit));
    },
    async stream(file) {
      const at = resolve(file);
      if (at === undefined || !(await isFile(at))) return undefined;
      return createReadStream(at) as AsyncIterable<Uint8Array>;
    },
    async has(file) {
      const at = resolve(file);
      return at !== undefined && isFile(at);
    },
  };
}

/** Hidden files, and metadata that macOS adds to archives. */
const ignored = (name: string) => name.startsWith(".") || name === "__MACOSX";

async function* walk(root: string, under: string): AsyncGenerator<Entry> {
  const found = await readdir(path.join(root, under), { withFileTypes: true });
  const named = found
    .filter((entry) => !ignored(entry.name))
    .map((entry) => ({ entry, sorted: entry.isDirectory() ? `${entry.name}/` : entry.name }))
    .toSorted((a, b) => byPath(a.sorted, b.sorted));
  for (const { entry } of named) {
    const file = under + entry.name;
    if (entry.isDirectory()) yield* walk(root, `${file}/`);
    else {
      const status = await unlessMissing(stat(path.join(root, file)));
      if (status?.isFile()) yield { path: file, size: status.size };
    }
  }
}

const isFile = async (at: string) => (await unlessMissing(stat(at)))?.isFile() === true;

async function readStart(at: string, limit: number): Promise<Uint8Array> {
  const file = await open(at);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(limit, size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG")
      return undefined;
    throw error;
  }
}
