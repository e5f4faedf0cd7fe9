/** The name of the uploaded file: the end of the key, without the prefix that makes keys unique. */
export function fileName(key: string): string {
  const last = key.split("/").at(-1) || key;
  return key.startsWith("uploads/") ? last.replace(/^[0-9a-f]{8}-(?=.)/, "") : last;
}

const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  bmp: "image/bmp",
  tif: "image/tiff",
  tiff: "image/tiff",
  avif: "image/avif",
  txt: "text/plain",
  md: "text/plain",
};

/** By file extension, for files whose type the browser does not know. */
export const typeOf = (name: string) =>
  TYPES[name.split(".").at(-1)!.toLowerCase()] ?? "application/octet-stream";
