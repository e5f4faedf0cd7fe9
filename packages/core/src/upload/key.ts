import { randomUUID } from "node:crypto";

/** S3 allows 1,024 bytes of key; the name is what a person recognises, the id keeps two of one name apart. */
const longestName = 100;

/** A key from any file name: readable, flat, and never above its prefix. */
export function uploadKey(prefix: string, filename: string, id: string = randomUUID()): string {
  const base = filename.split(/[/\\]/).at(-1) ?? "";
  const name = base
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
  const letters = Array.from(name || "upload");
  return `${prefix}${id.slice(0, 8)}-${letters.slice(-longestName).join("")}`;
}
