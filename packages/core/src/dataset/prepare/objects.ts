// Which objects there are, and which ETag each has, by listing: a thousand for one request, a million in some thirty
// megabytes.
import { bucket } from "../../label/bucket.ts";
import { digest53 } from "@sluice/labels/format/key-set.ts";

/** Of an ETag its first 16 digits and what makes a multipart one: `-12`. */
const word = (etag: string, at: number) => Number.parseInt(etag.slice(at, at + 8), 16) >>> 0;
const parts = (etag: string) => Number(/-(\d+)$/.exec(etag)?.[1] ?? 0);
/** An ETag as it is remembered here. */
export const shortEtag = (etag: string) => etag.replace(/^([0-9a-f]{16})[0-9a-f]*/i, "$1").toLowerCase();

/** Folders listed by themselves; after so many, whole top folders are. */
const mostFolders = 100;

export function objects(name: string) {
  let size = 4_096;
  let used = 0;
  let keys = new Float64Array(size);
  let etags = [new Uint32Array(size), new Uint32Array(size), new Uint16Array(size)] as const;
  const listed = new Set<string>();

  const slot = (number: number) => {
    let at = number % size;
    while (keys[at] !== 0 && keys[at] !== number) at = (at + 1) % size;
    return at;
  };
  const grow = () => {
    const [oldKeys, oldEtags] = [keys, etags];
    size *= 2;
    keys = new Float64Array(size);
    etags = [new Uint32Array(size), new Uint32Array(size), new Uint16Array(size)];
    for (const [from, number] of oldKeys.entries()) {
      if (number === 0) continue;
      const to = slot(number);
      keys[to] = number;
      for (const [at, column] of etags.entries()) column[to] = oldEtags[at]![from]!;
    }
  };
  const list = async (prefix: string) => {
    for await (const { path, etag = "" } of bucket(name, prefix).list()) {
      if (used * 2 > size) grow();
      const number = digest53(prefix + path);
      const at = slot(number);
      if (keys[at] === 0) used += 1;
      keys[at] = number;
      etags[0][at] = word(etag, 0);
      etags[1][at] = word(etag, 8);
      etags[2][at] = parts(etag);
    }
  };
  return {
    /** As `shortEtag` gives it; undefined for what is not there. Lists a folder when its first key is asked for. */
    async etagOf(key: string): Promise<string | undefined> {
      const depth = listed.size < mostFolders ? 2 : 1;
      const prefix = key.split("/", depth).join("/") + (key.split("/").length > depth ? "/" : "");
      if (!listed.has(prefix)) {
        await list(prefix);
        listed.add(prefix);
      }
      const at = slot(digest53(key));
      if (keys[at] === 0) return undefined;
      const digits = (value: number) => value.toString(16).padStart(8, "0");
      const count = etags[2][at]!;
      return `${digits(etags[0][at]!)}${digits(etags[1][at]!)}${count > 0 ? `-${count}` : ""}`;
    },
  };
}
