import path from "node:path";
import { EXIT, Failure } from "./failure.ts";

const TYPES: Record<string, string> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".bmp": "image/bmp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".txt": "text/plain",
  ".json": "application/json",
};

export const knownTypeOf = (file: string): string | undefined => TYPES[path.extname(file).toLowerCase()];

export function contentTypeOf(file: string): string {
  const type = knownTypeOf(file);
  if (type) return type;
  throw new Failure("TYPE_UNKNOWN", `The content type of ${file} is not known from its ending.`, {
    exit: EXIT.usage,
    hint: "Name it with --type, for instance --type image/png.",
  });
}
