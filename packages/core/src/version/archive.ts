// A look into a model.tar.gz as it streams by: nothing is written, nothing is kept but its digest and sluice.json. What
// could write outside its folder is refused here, long before anything unpacks it.
import { createHash } from "node:crypto";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { SluiceError } from "../error/error.ts";
import { parseAbout } from "./about.ts";
import type { About } from "./version.ts";

/** SageMaker serverless has 5 GB of disk; half of it is for the unpacked model. */
const maxUnpackedBytes = 2.5 * 1024 ** 3;
const maxEntries = 10_000;
const maxManifestBytes = 8 * 1024 ** 2;
const manifest = "sluice.json";
const model = "model.onnx";

export interface Inspected {
  /** Over the files' names and bytes in name order: the same files make the same digest, however they were packed. */
  digest: string;
  about: About;
  /** Of the archive. */
  bytes: number;
}

/** `known`: of an archive that is no package of ours, and says nothing of itself. */
export async function inspect(archive: Readable, known?: About): Promise<Inspected> {
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
      else if (files.has(name)) refuse(hostile(`'${name}' is in it twice`));
      else if (!known && isClosed(entry)) refuse(closed(entry));
      if (++entries > maxEntries) refuse(tooLarge(`holds more than ${maxEntries} entries`));
      if (reason || entry.type === "Directory") {
        entry.resume();
        return;
      }
      const hash = createHash("sha256");
      let size = 0;
      entry.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
        if (name === manifest && size <= maxManifestBytes) parts.push(chunk);
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
          // A header may lie about sizes: what really comes out of the gunzip counts.
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
  if (known) return { digest: digestOf(files), about: known, bytes };
  for (const file of [manifest, model])
    if (!files.has(file)) throw invalid(`The package has no ${file} at its root.`);
  return { digest: digestOf(files), about: parseAbout(Buffer.concat(parts).toString("utf8")), bytes };
}

export function digestOf(files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([name, hash]) => `${hash}  ${name}\n`).toSorted();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function refusal({ path: name, type }: ReadEntry): string | undefined {
  if (type !== "File" && type !== "OldFile" && type !== "Directory")
    return `'${name}' is a ${type}, and only files and folders may be inside`;
  if (path.posix.isAbsolute(name) || path.win32.isAbsolute(name)) return `'${name}' is an absolute path`;
  if (name.split(/[/\\]/).includes("..")) return `'${name}' points outside the package`;
  return name.includes("\0") ? "a name holds a zero byte" : undefined;
}

/** To anyone but its owner, as who unpacks it is: an endpoint runs as a user of its own. */
function isClosed({ type, mode = 0o755 }: ReadEntry): boolean {
  const needed = type === "Directory" ? 0o005 : 0o004;
  return (mode & needed) !== needed;
}

const closed = ({ path: name, mode = 0 }: ReadEntry) =>
  new SluiceError(
    "PACKAGE_INVALID",
    `'${name}' in the package is closed to all but its owner (mode ${mode.toString(8).padStart(4, "0")}); an endpoint reads it as another user.`,
    { hint: "Open the files with `chmod -R a+rX` and pack them again." },
  );
const hostile = (reason: string) => new SluiceError("PACKAGE_HOSTILE", `The package was refused: ${reason}.`);
const tooLarge = (what: string) => new SluiceError("PACKAGE_TOO_LARGE", `The package ${what}.`);
const invalid = (what: string) => new SluiceError("PACKAGE_INVALID", what);
const unreadable = (cause: unknown) =>
  new SluiceError("PACKAGE_INVALID", `The package is no whole tar.gz archive: ${(cause as Error).message}`, {
    cause,
  });
