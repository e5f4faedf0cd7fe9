// Finds the file a label speaks of. Label files name their pictures by path, by bare name, by the path on another
// machine or by address; the first few references teach how this label file means it, and the rest are taken the same way.
import type { Collection } from "./collection.ts";
import { safePath } from "./path.ts";

/** References looked up before a way of naming is trusted: a look-up is a request where the files lie in S3. */
const LOOKED_UP = 20;
/** Files that are nowhere: after so many in a row no more are searched for, only named. */
const MISSED = 20;

/** `drop` characters of the written path are left away and `base` stands in their place. */
interface Way {
  drop: string;
  base: string;
  proven: number;
}

/** The file's path in the collection, whether or not it is there; undefined where the path points outside. */
export type Locator = (reference: string) => Promise<string | undefined>;

/** For the references of one label file, which lies in the folder `near`. */
export function locator(collection: Collection, near: string, folders: readonly string[] = []): Locator {
  const bases = [...new Set([near, "", ...folders])];
  const ways: Way[] = [];
  let missed = 0;
  return async (reference) => {
    const written = local(reference, collection.base ?? collection.name);
    for (const way of ways) {
      if (!written.startsWith(way.drop)) continue;
      const path = safePath(way.base + written.slice(way.drop.length));
      if (path === undefined) continue;
      if (way.proven < LOOKED_UP && !(await collection.has(path))) continue;
      way.proven += 1;
      missed = 0;
      return path;
    }
    const places = (missed < MISSED ? prefixes(written) : []).flatMap((drop) =>
      bases.flatMap((base) => {
        const path = safePath(base + written.slice(drop.length));
        return path === undefined ? [] : [{ drop, base, path }];
      }),
    );
    // All at once: one after the other they would be what an import waits for.
    const there = await Promise.all(places.map(({ path }) => collection.has(path)));
    const found = places[there.indexOf(true)];
    if (found) {
      ways.push({ drop: found.drop, base: found.base, proven: 1 });
      missed = 0;
      return found.path;
    }
    missed += 1;
    return foreign(reference) ? undefined : (safePath(near + written) ?? safePath(written));
  };
}

const foreign = (reference: string) => reference.startsWith("/") || /^[A-Za-z]:[\\/]/.test(reference);

/** As a path with `/`: an address inside the collection without the collection, any other without its scheme. */
function local(reference: string, collection: string): string {
  if (reference.startsWith("s3://") && reference.startsWith(collection))
    return reference.slice(collection.length);
  const bare = reference.replace(/^[a-z][a-z0-9+]*:\/\/[^/]*\//i, "");
  return foreign(bare) ? bare.replace(/^[A-Za-z]:/, "").replaceAll("\\", "/") : bare;
}

/** What may stand before the part that counts: nothing, then one leading folder more each time, eight at most. */
function prefixes(written: string): string[] {
  const found = written.startsWith("/") ? [] : [""];
  for (let at = written.indexOf("/"); at >= 0 && found.length < 8; at = written.indexOf("/", at + 1))
    found.push(written.slice(0, at + 1));
  return found;
}
