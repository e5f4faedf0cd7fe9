// Collects what format detection needs: one pass over the paths, with bounded memory.
import type { Collection } from "./collection.ts";
import { encodingOf } from "./utf8.ts";

/** Paths stored for each extension. */
const MAX_PATHS = 200;

export interface FormatHints {
  collection: Collection;
  files: number;
  images: number;
  texts: number;
  /** The first paths by extension, in lower case and without the dot. */
  extensions: ReadonlyMap<string, readonly string[]>;
  /** Folders that contain images or texts, with their number. */
  folders: ReadonlyMap<string, number>;
  /** The start of a file as text. */
  head(path: string): Promise<string>;
}

/** More than a line with two thousand boxes. */
const HEAD_BYTES = 262_144;
/** Also types that no model reads. */
export const ANY_IMAGE = /\.(jpe?g|jfif|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|jxl)$/i;
export const TEXT = /\.txt$/i;
export const READABLE_IMAGE = /\.(jpe?g|png|gif|webp|bmp|tiff?)$/i;

export async function formatHints(collection: Collection): Promise<FormatHints> {
  const extensions = new Map<string, string[]>();
  const folders = new Map<string, number>();
  const heads = new Map<string, Promise<string>>();
  let [files, images, texts] = [0, 0, 0];
  for await (const { path } of collection.list()) {
    files += 1;
    const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
    const isImage = READABLE_IMAGE.test(path);
    if (isImage) images += 1;
    if (extension === "txt") texts += 1;
    if (isImage || extension === "txt") {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (folders.has(folder) || folders.size < 10_000) folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    if (isImage || extension.length > 10) continue;
    const paths = extensions.get(extension);
    if (!paths) extensions.set(extension, [path]);
    else if (paths.length < MAX_PATHS) paths.push(path);
  }
  const read = async (path: string) => {
    const bytes = (await collection.read(path, HEAD_BYTES)) ?? new Uint8Array();
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  };
  const head = (path: string) => {
    if (!heads.has(path)) heads.set(path, read(path));
    return heads.get(path)!;
  };
  return { collection, files, images, texts, extensions, folders, head };
}
