// A file of a dataset, looked at once: what it is, what it shows, and whether a model could read it at all.
import { createHash } from "node:crypto";
import { inspect } from "../image/header.ts";
import type { Collection } from "../format/collection.ts";
import type { ProblemCode } from "../format/problem.ts";
import { decode, type Look } from "../image/decode.ts";
import { exif } from "../image/exif.ts";
import { type TextFacts, textFacts } from "./text.ts";

export interface Limits {
  maxBytes: number;
  maxPixels: number;
}

interface Content {
  bytes: number;
  /** Hex. Of a text, that of its wording. */
  sha256: string;
}

export type Looked =
  | ({ kind: "image"; type: string; takenAt?: number } & Content & Look)
  | ({ kind: "text"; bytes: number } & TextFacts)
  | { kind: "unreadable"; bytes: number; code: ProblemCode; reason: string }
  | { kind: "missing" };

/** Bytes. More than any model takes, so that the limit in force can be named with the size; beyond, not even that is read. */
const READ = 67_108_864;
export const LIMITS: Limits = { maxBytes: READ, maxPixels: 100_000_000 };

export async function look(collection: Collection, file: string, limits: Limits = LIMITS): Promise<Looked> {
  const bytes = await collection.read(file, READ + 1);
  return bytes ? lookAt(bytes, limits) : { kind: "missing" };
}

export async function lookAt(bytes: Uint8Array, { maxBytes, maxPixels }: Limits = LIMITS): Promise<Looked> {
  const unreadable = (code: ProblemCode, reason: string): Looked => ({
    kind: "unreadable",
    bytes: bytes.byteLength,
    code,
    reason,
  });
  if (bytes.byteLength === 0) return unreadable("FILE_EMPTY", "It holds no bytes.");
  if (bytes.byteLength > maxBytes) {
    const size = bytes.byteLength > READ ? `more than ${READ}` : bytes.byteLength;
    return unreadable("FILE_TOO_LARGE", `It has ${size} bytes; the limit is ${maxBytes}.`);
  }
  const seen = inspect(bytes);
  const content = { bytes: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
  switch (seen.kind) {
    case "truncated":
      return unreadable("FILE_UNREADABLE", `It is ${seen.type}, cut off at ${bytes.byteLength} bytes.`);
    case "broken":
      return unreadable("FILE_UNREADABLE", `It starts as ${seen.type}, but ${seen.reason}.`);
    case "unknown":
      return textOrNothing(bytes, unreadable);
    case "image":
      if (seen.width * seen.height > maxPixels)
        return unreadable(
          "IMAGE_TOO_LARGE",
          `It claims ${seen.width} by ${seen.height} pixels; the bound is ${maxPixels} in all.`,
        );
  }
  try {
    const shown = await decode(bytes, maxPixels);
    const { takenAt } = exif(bytes.subarray(0, 262_144));
    return {
      kind: "image",
      type: seen.type,
      ...content,
      ...shown,
      ...(takenAt !== undefined && { takenAt }),
    };
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    return unreadable("FILE_UNREADABLE", `It cannot be decoded: ${reason}.`);
  }
}

function textOrNothing(bytes: Uint8Array, unreadable: (code: ProblemCode, reason: string) => Looked): Looked {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- a text holds none but white space
    if (!/[\u0000-\u0008\u000e-\u001f]/.test(text))
      return { kind: "text", bytes: bytes.byteLength, ...textFacts(text) };
  } catch {
    // Neither.
  }
  return unreadable("FILE_TYPE_UNKNOWN", "It is no picture of a known type and no text.");
}
