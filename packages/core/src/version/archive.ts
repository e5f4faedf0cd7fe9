// Inspects a model.tar.gz as a stream, for its digest and sluice.json. Rejects entries that could be unpacked outside
// its folder.
import { createHash } from "node:crypto";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { SluiceError } from "../error/error.ts";
import { parseManifest } from "./manifest.ts";
import type { PackageManifest } from "./version.ts";

/** SageMaker serverless has 5 GB of disk; half is for the unpacked model. */
const maxUnpackedBytes = 2.5 * 1024 ** 3;
const maxEntries = 10_000;
const maxManifestBytes = 8 * 1024 ** 2;
const manifestFile = "sluice.json";
const model = "model.onnx";

export interface Inspection {
  /** Of the files' names and bytes in name order: the same files have the same digest, however they were packed. */
  digest: string;
  manifest: PackageManifest;
  /** Of the archive. */
  bytes: number;
}

/** `known` describes an archive that is not one of our packages and has no sluice.json. */
export async function inspectArchive(archive: Readable, known?: PackageManifest): Promise<Inspection> {
  const files = new Map<string, string>();
  const parts: Buffer[] = [];
  let entries = 0;
  let unpacked = 0;
  let bytes = 0;
  let problem: SluiceError | undefined;
  const refuse = (error: SluiceError) => void (problem ??= error);
  const parser = new Parser({
    strict: true,
    onReadEntry(entry: ReadEntry) {
      const name = path.posix.normalize(entry.path).replace(/\/$/, "");
      const reason = refusal(entry);
      if (reason) refuse(hostile(reason));
      else if (files.has(name)) refuse(hostile(`'${name}' is in the archive twice`));
      else if (!known && isUnreadable(entry)) refuse(unreadableEntry(entry));
      if (++entries > maxEntries) refuse(tooLarge(`has more than ${maxEntries} entries`));
      if (reason || entry.type === "Directory") {
        entry.resume();
        return;
      }
      const hash = createHash("sha256");
      let size = 0;
      entry.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
        if (name === manifestFile && size <= maxManifestBytes) parts.push(chunk);
      });
      entry.on("end", () => files.set(name, hash.digest("hex")));
    },
  });
  parser.on("error", (error: unknown) => refuse(unreadable(error)));
  const ended = new Promise<void>((resolve) => parser.once("end", resolve));
  try {
    await pipeline(
      archive,
      async function* counted(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          yield chunk;
        }
      },
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          // Headers may state wrong sizes, so count the unpacked bytes.
          unpacked += chunk.length;
          if (unpacked > maxUnpackedBytes) refuse(tooLarge(`unpacks to more than ${maxUnpackedBytes} bytes`));
          else if (!parser.write(chunk)) await new Promise((resolve) => parser.once("drain", resolve));
          if (problem) throw problem;
        }
        parser.end();
      },
    );
    if (!problem) await ended;
  } catch (error) {
    throw problem ?? unreadable(error);
  }
  if (problem) throw problem;
  if (known) return { digest: digestOf(files), manifest: known, bytes };
  for (const file of [manifestFile, model])
    if (!files.has(file)) throw invalid(`The package has no ${file} at its root.`);
  return { digest: digestOf(files), manifest: parseManifest(Buffer.concat(parts).toString("utf8")), bytes };
}

export function digestOf(files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([name, hash]) => `${hash}  ${name}\n`).toSorted();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function refusal({ path: name, type }: ReadEntry): string | undefined {
  if (type !== "File" && type !== "OldFile" && type !== "Directory")
    return `'${name}' is a ${type}, but only files and folders are allowed`;
  if (path.posix.isAbsolute(name) || path.win32.isAbsolute(name)) return `'${name}' is an absolute path`;
  if (name.split(/[/\\]/).includes("..")) return `'${name}' points outside the package`;
  return name.includes("\0") ? "a name contains a zero byte" : undefined;
}

/** An endpoint runs as another user than the owner. */
function isUnreadable({ type, mode = 0o755 }: ReadEntry): boolean {
  const needed = type === "Directory" ? 0o005 : 0o004;
  return (mode & needed) !== needed;
}

const unreadableEntry = ({ path: name, mode = 0 }: ReadEntry) =>
  new SluiceError(
    "PACKAGE_INVALID",
    `'${name}' in the package is readable by its owner only (mode ${mode.toString(8).padStart(4, "0")}); an endpoint reads it as another user.`,
    { hint: "Run `chmod -R a+rX` on the files and pack them again." },
  );
const hostile = (reason: string) =>
  new SluiceError("PACKAGE_HOSTILE", `The package was rejected: ${reason}.`);
const tooLarge = (what: string) => new SluiceError("PACKAGE_TOO_LARGE", `The package ${what}.`);
const invalid = (what: string) => new SluiceError("PACKAGE_INVALID", what);
const unreadable = (cause: unknown) =>
  new SluiceError(
    "PACKAGE_INVALID",
    `The package is not a complete tar.gz archive: ${(cause as Error).message}`,
    {
      cause,
    },
  );
