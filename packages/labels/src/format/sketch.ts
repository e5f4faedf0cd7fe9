// What a collection looks like from above, as much as recognising a format needs: one pass, bounded memory.
import type { Collection } from "./collection.ts";
import { encodingOf } from "./utf8.ts";

/** Candidates kept of each ending; the rest are only counted. */
const KEPT = 200;

export interface Sketch {
  collection: Collection;
  files: number;
  images: number;
  texts: number;
  /** Paths with one of these endings, lower-case and without the dot: the first ones. */
  endings: ReadonlyMap<string, readonly string[]>;
  /** Folders directly above an image or a text, with how many they hold. */
  folders: ReadonlyMap<string, number>;
  /** The first bytes of a file as text. */
  head(path: string): Promise<string>;
}

/** Bytes: more than one line of a picture with two thousand boxes. */
const HEAD = 262_144;
/** What a person means as a picture, also of the kinds no model reads. */
export const PICTURE = /\.(jpe?g|jfif|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|jxl)$/i;
export const TEXT = /\.txt$/i;
export const IMAGE = /\.(jpe?g|png|gif|webp|bmp|tiff?)$/i;

export async function sketch(collection: Collection): Promise<Sketch> {
  const endings = new Map<string, string[]>();
  const folders = new Map<string, number>();
  const heads = new Map<string, Promise<string>>();
  let [files, images, texts] = [0, 0, 0];
  for await (const { path } of collection.list()) {
    files += 1;
    const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
    const isImage = IMAGE.test(path);
    if (isImage) images += 1;
    if (ending === "txt") texts += 1;
    if (isImage || ending === "txt") {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (folders.has(folder) || folders.size < 10_000) folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    if (isImage || ending.length > 10) continue;
    const kept = endings.get(ending);
    if (!kept) endings.set(ending, [path]);
    else if (kept.length < KEPT) kept.push(path);
  }
  const read = async (path: string) => {
    const bytes = (await collection.read(path, HEAD)) ?? new Uint8Array();
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  };
  const head = (path: string) => {
    if (!heads.has(path)) heads.set(path, read(path));
    return heads.get(path)!;
  };
  return { collection, files, images, texts, endings, folders, head };
}
