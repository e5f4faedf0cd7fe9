// Packs and unpacks model.tar.gz. Packages are untrusted: unpacking rejects what could write outside its folder.
import { createReadStream } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, create, extract, type ReadEntry } from "tar";
import { InferenceError } from "./error.ts";
import { readManifest } from "./package.ts";

/** SageMaker serverless has 5 GB of disk; half of it is for the unpacked model. */
export const MAX_UNPACKED_BYTES = 2.5 * 1024 ** 3;
export const MAX_ENTRIES = 10_000;

export interface UnpackLimits {
  maxBytes?: number;
  maxEntries?: number;
}

/** Checks all entries before it writes the first one. */
export async function unpack(archive: string, dir: string, limits: UnpackLimits = {}): Promise<void> {
  await checkEntries(archive, limits);
  await mkdir(dir, { recursive: true });
  await extract({
    file: archive,
    cwd: dir,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    onReadEntry: (entry) => void (entry.mode = entry.type === "Directory" ? READABLE_FOLDER : READABLE),
  }).catch((error: unknown) => {
    throw unreadable(error);
  });
}

async function checkEntries(
  archive: string,
  { maxBytes = MAX_UNPACKED_BYTES, maxEntries = MAX_ENTRIES }: UnpackLimits,
) {
  let bytes = 0;
  let entries = 0;
  let problem: InferenceError | undefined;
  const refuse = (reason: string) => {
    problem ??= hostile(reason);
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      const reason = problemOf(entry);
      if (reason) refuse(reason);
      if (++entries > maxEntries) refuse(`it has more than ${maxEntries} entries`);
      bytes += entry.size ?? 0;
      if (bytes > maxBytes) refuse(`it unpacks to more than ${maxBytes} bytes`);
      entry.resume();
    },
  });
  parser.on("error", (error: unknown) => {
    problem ??= unreadable(error);
  });
  // Headers may state wrong sizes, so the decompressed bytes are counted too.
  let unzipped = 0;
  await pipeline(createReadStream(archive), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      unzipped += chunk.length;
      if (unzipped > maxBytes + maxEntries * 1024) refuse(`it unpacks to more than ${maxBytes} bytes`);
      else parser.write(chunk);
      if (problem) throw problem;
    }
    parser.end();
  }).catch((error: unknown) => {
    throw problem ?? unreadable(error);
  });
  if (problem) throw problem;
  if (entries === 0) throw unreadable(new Error("the archive is empty"));
}

function problemOf(entry: ReadEntry): string | undefined {
  const name = entry.path;
  if (entry.type !== "File" && entry.type !== "OldFile" && entry.type !== "Directory")
    return `'${name}' is a ${entry.type}; only files and folders are allowed`;
  if (path.posix.isAbsolute(name) || path.win32.isAbsolute(name)) return `'${name}' is an absolute path`;
  if (name.split(/[/\\]/).includes("..")) return `'${name}' points outside the package`;
  if (name.includes("\0")) return "a name has a zero byte";
  return undefined;
}

/** Endpoints run as another user, so others must be able to read. Data needs no setuid, setgid or execute bit. */
const READABLE = 0o644;
const READABLE_FOLDER = 0o755;

/** In name order and without times, owners or modes: equal folders result in equal archives. */
export async function pack(dir: string, archive: string): Promise<{ bytes: number }> {
  await readManifest(dir);
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
  await create(
    {
      gzip: { portable: true } as object,
      file: archive,
      cwd: dir,
      portable: true,
      mtime: new Date(0),
      onWriteEntry: ({ stat: found }) => void (found!.mode = READABLE),
    },
    files,
  );
  return { bytes: (await stat(archive)).size };
}

function hostile(reason: string) {
  return new InferenceError(
    "PACKAGE_HOSTILE",
    422,
    `The package was rejected: ${reason}.`,
    "Pack plain files at the archive's root, without links or paths that leave it.",
  );
}

function unreadable(cause: unknown) {
  return new InferenceError(
    "PACKAGE_INVALID",
    422,
    `The package cannot be read as a tar.gz archive: ${(cause as Error).message}`,
    "Create it again with `tar -czf model.tar.gz` and upload it whole.",
    cause,
  );
}
