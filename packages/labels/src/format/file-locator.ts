// Finds the file that a label refers to: by path, by name, by a path of another machine, or by URL. The first references
// of a label file show its way of naming; the others use the same mapping.
import type { Collection } from "./collection.ts";
import { safePath } from "./path.ts";

/** Lookups before a mapping is trusted. In S3, each lookup is a request. */
const LOOKUPS = 20;
/** After so many missing files in a row, no more are searched. */
const MAX_MISSES = 20;

/** Replaces the prefix of a written path. */
interface PathMapping {
  prefix: string;
  replacement: string;
  confirmed: number;
}

/** The file's path in the collection, even if it does not exist. `undefined` for a path outside. */
export type FileLocator = (reference: string) => Promise<string | undefined>;

/** For one label file, in the folder `near`. */
export function fileLocator(
  collection: Collection,
  near: string,
  folders: readonly string[] = [],
): FileLocator {
  const bases = [...new Set([near, "", ...folders])];
  const mappings: PathMapping[] = [];
  let missed = 0;
  return async (reference) => {
    const written = toLocalPath(reference, collection.base ?? collection.name);
    for (const mapping of mappings) {
      if (!written.startsWith(mapping.prefix)) continue;
      const path = safePath(mapping.replacement + written.slice(mapping.prefix.length));
      if (path === undefined) continue;
      if (mapping.confirmed < LOOKUPS && !(await collection.has(path))) continue;
      mapping.confirmed += 1;
      missed = 0;
      return path;
    }
    const candidates = (missed < MAX_MISSES ? prefixes(written) : []).flatMap((drop) =>
      bases.flatMap((base) => {
        const path = safePath(base + written.slice(drop.length));
        return path === undefined ? [] : [{ drop, base, path }];
      }),
    );
    // In parallel: these requests dominate the time of an import.
    const exists = await Promise.all(candidates.map(({ path }) => collection.has(path)));
    const found = candidates[exists.indexOf(true)];
    if (found) {
      mappings.push({ prefix: found.drop, replacement: found.base, confirmed: 1 });
      missed = 0;
      return found.path;
    }
    missed += 1;
    return isAbsolute(reference) ? undefined : (safePath(near + written) ?? safePath(written));
  };
}

const isAbsolute = (reference: string) => reference.startsWith("/") || /^[A-Za-z]:[\\/]/.test(reference);

/** The path with `/`. Removes the collection's own URL, or the scheme and host of another. */
function toLocalPath(reference: string, collection: string): string {
  if (reference.startsWith("s3://") && reference.startsWith(collection))
    return reference.slice(collection.length);
  const withoutHost = reference.replace(/^[a-z][a-z0-9+]*:\/\/[^/]*\//i, "");
  return isAbsolute(withoutHost) ? withoutHost.replace(/^[A-Za-z]:/, "").replaceAll("\\", "/") : withoutHost;
}

/** Possible prefixes of another machine: none, then up to eight leading folders. */
function prefixes(written: string): string[] {
  const found = written.startsWith("/") ? [] : [""];
  for (let at = written.indexOf("/"); at >= 0 && found.length < 8; at = written.indexOf("/", at + 1))
    found.push(written.slice(0, at + 1));
  return found;
}
