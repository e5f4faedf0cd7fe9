// The ETags of a bucket's objects, by listing folders. A million keys take about 30 MB.
import { openBucket } from "../../label/bucket.ts";
import { digest53 } from "@sluice/labels/format/key-set.ts";

/** The first 16 digits of an ETag are stored, and the part count of a multipart upload: `-12`. */
const parseWord = (etag: string, at: number) => Number.parseInt(etag.slice(at, at + 8), 16) >>> 0;
const partCount = (etag: string) => Number(/-(\d+)$/.exec(etag)?.[1] ?? 0);
/** An ETag in the stored form. */
export const shortEtag = (etag: string) => etag.replace(/^([0-9a-f]{16})[0-9a-f]*/i, "$1").toLowerCase();

/** With more folders, whole top-level folders are listed. */
const maxFolders = 100;

export function objectEtags(name: string) {
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
    for await (const { path, etag = "" } of openBucket(name, prefix).list()) {
      if (used * 2 > size) grow();
      const number = digest53(prefix + path);
      const at = slot(number);
      if (keys[at] === 0) used += 1;
      keys[at] = number;
      etags[0][at] = parseWord(etag, 0);
      etags[1][at] = parseWord(etag, 8);
      etags[2][at] = partCount(etag);
    }
  };
  return {
    /** In the form of `shortEtag`; `undefined` for a missing object. Lists a folder at its first key. */
    async etagOf(key: string): Promise<string | undefined> {
      const depth = listed.size < maxFolders ? 2 : 1;
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
