// Inspects a file of a dataset: its type, measures of its content, and whether a model can read it.
import { createHash } from "node:crypto";
import { inspectHeader } from "../image/header.ts";
import type { Collection } from "../format/collection.ts";
import type { ProblemCode } from "../format/problem.ts";
import { decodeImage, type DecodedImage } from "../image/decode.ts";
import { readExif } from "../image/exif.ts";
import { type TextStatistics, textStatistics } from "./text-statistics.ts";

export interface Limits {
  maxBytes: number;
  maxPixels: number;
}

interface Content {
  bytes: number;
  /** Hex. For a text, of its normalized wording. */
  sha256: string;
}

export type FileInspection =
  | ({ kind: "image"; type: string; takenAt?: number } & Content & DecodedImage)
  | ({ kind: "text"; bytes: number } & TextStatistics)
  | { kind: "unreadable"; bytes: number; code: ProblemCode; reason: string }
  | { kind: "missing" };

/** More than any model accepts, so that errors can state the size. Larger files are not read completely. */
const MAX_READ_BYTES = 67_108_864;
export const DEFAULT_LIMITS: Limits = { maxBytes: MAX_READ_BYTES, maxPixels: 100_000_000 };

export async function inspectFile(
  collection: Collection,
  file: string,
  limits: Limits = DEFAULT_LIMITS,
): Promise<FileInspection> {
  const bytes = await collection.read(file, MAX_READ_BYTES + 1);
  return bytes ? inspectBytes(bytes, limits) : { kind: "missing" };
}

export async function inspectBytes(
  bytes: Uint8Array,
  { maxBytes, maxPixels }: Limits = DEFAULT_LIMITS,
): Promise<FileInspection> {
  const unreadable = (code: ProblemCode, reason: string): FileInspection => ({
    kind: "unreadable",
    bytes: bytes.byteLength,
    code,
    reason,
  });
  if (bytes.byteLength === 0) return unreadable("FILE_EMPTY", "It is empty.");
  if (bytes.byteLength > maxBytes) {
    const size = bytes.byteLength > MAX_READ_BYTES ? `more than ${MAX_READ_BYTES}` : bytes.byteLength;
    return unreadable("FILE_TOO_LARGE", `It has ${size} bytes; the limit is ${maxBytes}.`);
  }
  const header = inspectHeader(bytes);
  const content = { bytes: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
  switch (header.kind) {
    case "truncated":
      return unreadable(
        "FILE_UNREADABLE",
        `It is a truncated ${header.type} file of ${bytes.byteLength} bytes.`,
      );
    case "broken":
      return unreadable("FILE_UNREADABLE", `It starts like ${header.type}, but ${header.reason}.`);
    case "unknown":
      return inspectText(bytes, unreadable);
    case "image":
      if (header.width * header.height > maxPixels)
        return unreadable(
          "IMAGE_TOO_LARGE",
          `It has ${header.width} by ${header.height} pixels; the limit is ${maxPixels} in total.`,
        );
  }
  try {
    const decoded = await decodeImage(bytes, maxPixels);
    const { takenAt } = readExif(bytes.subarray(0, 262_144));
    return {
      kind: "image",
      type: header.type,
      ...content,
      ...decoded,
      ...(takenAt !== undefined && { takenAt }),
    };
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    return unreadable("FILE_UNREADABLE", `It cannot be decoded: ${reason}.`);
  }
}

function inspectText(
  bytes: Uint8Array,
  unreadable: (code: ProblemCode, reason: string) => FileInspection,
): FileInspection {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- control characters mark binary files
    if (!/[\u0000-\u0008\u000e-\u001f]/.test(text))
      return { kind: "text", bytes: bytes.byteLength, ...textStatistics(text) };
  } catch {
    // Not UTF-8.
  }
  return unreadable("FILE_TYPE_UNKNOWN", "It is neither an image of a known type nor a text.");
}
