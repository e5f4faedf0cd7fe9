import { SluiceError } from "../error/error.ts";
import { inspectHeader } from "@sluice/labels/image/header.ts";

export interface Accepted {
  types: readonly string[];
  maxBytes: number;
  maxPixels: number;
}

export interface CheckedObject {
  contentType: string;
  image?: { width: number; height: number };
  characters?: number;
}

/** All control characters except tab, line feed, vertical tab, form feed and carriage return. */
const isControl = (byte: number) => byte < 9 || (byte > 13 && byte < 32);

/** Checks the size alone, before the download. */
export function checkSize(size: number | undefined, key: string, limit: number) {
  if (size === 0) throw new SluiceError("OBJECT_EMPTY", `${key} is empty (0 bytes).`, { details: { key } });
  if (size !== undefined && size > limit) {
    throw new SluiceError("OBJECT_TOO_LARGE", `${key} has ${size} bytes; the limit is ${limit}.`, {
      details: { key, size, limit },
    });
  }
}

/** Determines the type from the bytes: file names and declared types may be wrong. */
export function checkBytes(bytes: Uint8Array, key: string, accepted: Accepted): CheckedObject {
  checkSize(bytes.byteLength, key, accepted.maxBytes);
  const found = inspectHeader(bytes);
  switch (found.kind) {
    case "image":
      checkType(found.type, key, accepted);
      if (found.width * found.height > accepted.maxPixels) {
        throw new SluiceError(
          "IMAGE_TOO_LARGE",
          `${key} has ${found.width} by ${found.height} pixels; the limit is ${accepted.maxPixels} in total.`,
          { details: { key, width: found.width, height: found.height, limit: accepted.maxPixels } },
        );
      }
      return { contentType: found.type, image: { width: found.width, height: found.height } };
    case "truncated":
      checkType(found.type, key, accepted);
      throw new SluiceError(
        "IMAGE_TRUNCATED",
        `${key} is a truncated ${found.type} file of ${bytes.byteLength} bytes.`,
        {
          details: { key },
        },
      );
    case "broken":
      checkType(found.type, key, accepted);
      throw new SluiceError("IMAGE_UNREADABLE", `${key} starts like ${found.type}, but ${found.reason}.`, {
        details: { key },
      });
    case "unknown":
      return checkText(bytes, key, accepted);
  }
}

function checkText(bytes: Uint8Array, key: string, accepted: Accepted): CheckedObject {
  const acceptsText = accepted.types.some((type) => type.startsWith("text/"));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    if (!acceptsText) return refuseType("neither a known image nor text", key, accepted);
    throw new SluiceError("TEXT_UNREADABLE", `${key} is not valid UTF-8.`, { details: { key } });
  }
  if (!acceptsText) return refuseType("text", key, accepted);
  if (bytes.some(isControl)) {
    throw new SluiceError("TEXT_UNREADABLE", `${key} contains control characters, so it is not plain text.`, {
      details: { key },
    });
  }
  if (text.trim() === "")
    throw new SluiceError("TEXT_EMPTY", `${key} contains only white space.`, { details: { key } });
  return { contentType: "text/plain", characters: text.length };
}

function checkType(type: string, key: string, accepted: Accepted) {
  if (
    !accepted.types.some(
      (allowed) => allowed === type || (allowed.endsWith("/*") && type.startsWith(allowed.slice(0, -1))),
    )
  ) {
    refuseType(type, key, accepted);
  }
}

function refuseType(type: string, key: string, accepted: Accepted): never {
  throw new SluiceError(
    "TYPE_NOT_ACCEPTED",
    `${key} is ${type}; the model accepts ${accepted.types.join(", ")}.`,
    {
      details: { key, type, accepted: accepted.types },
    },
  );
}
