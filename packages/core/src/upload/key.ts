import { randomUUID } from "node:crypto";

/** Characters. S3 keys hold 1,024 bytes. */
const maxNameLength = 100;

/** Builds a key from any file name, directly below the prefix. The id makes it unique. */
export function uploadKey(prefix: string, filename: string, id: string = randomUUID()): string {
  const base = filename.split(/[/\\]/).at(-1) ?? "";
  const name = base
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
  const letters = Array.from(name || "upload");
  return `${prefix}${id.slice(0, 8)}-${letters.slice(-maxNameLength).join("")}`;
}
