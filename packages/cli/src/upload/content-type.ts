import path from "node:path";
import { EXIT, Failure } from "../terminal/failure.ts";

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

export const guessContentType = (file: string): string | undefined => TYPES[path.extname(file).toLowerCase()];

export function contentTypeOf(file: string): string {
  const type = guessContentType(file);
  if (type) return type;
  throw new Failure("TYPE_UNKNOWN", `The extension of ${file} does not show its content type.`, {
    exit: EXIT.usage,
    hint: "Set it with --type, for example --type image/png.",
  });
}
