import { SluiceError } from "../error/error.ts";
import { inspect } from "@sluice/labels/image/header.ts";

export interface Accepted {
  types: readonly string[];
  maxBytes: number;
  maxPixels: number;
}

export interface Checked {
  contentType: string;
  image?: { width: number; height: number };
  characters?: number;
}

/** Below the space only tab, line feed, vertical tab, form feed and return belong in a text. */
const isControl = (byte: number) => byte < 9 || (byte > 13 && byte < 32);

/** Refuses by size alone: before a byte is downloaded. */
export function checkSize(size: number | undefined, key: string, limit: number) {
  if (size === 0) throw new SluiceError("OBJECT_EMPTY", `${key} is empty (0 bytes).`, { details: { key } });
  if (size !== undefined && size > limit) {
    throw new SluiceError("OBJECT_TOO_LARGE", `${key} has ${size} bytes; the limit is ${limit}.`, {
      details: { key, size, limit },
    });
  }
}

/** What the bytes are, told by the bytes: a name or a declared type may say anything. */
export function checkBytes(bytes: Uint8Array, key: string, accepted: Accepted): Checked {
  checkSize(bytes.byteLength, key, accepted.maxBytes);
  const found = inspect(bytes);
  switch (found.kind) {
    case "image":
      checkType(found.type, key, accepted);
      if (found.width * found.height > accepted.maxPixels) {
        throw new SluiceError(
          "IMAGE_TOO_LARGE",
          `${key} claims ${found.width} by ${found.height} pixels; the bound is ${accepted.maxPixels} in all.`,
          { details: { key, width: found.width, height: found.height, limit: accepted.maxPixels } },
        );
      }
      return { contentType: found.type, image: { width: found.width, height: found.height } };
    case "truncated":
      checkType(found.type, key, accepted);
      throw new SluiceError(
        "IMAGE_TRUNCATED",
        `${key} is ${found.type}, cut off at ${bytes.byteLength} bytes.`,
        {
          details: { key },
        },
      );
    case "broken":
      checkType(found.type, key, accepted);
      throw new SluiceError("IMAGE_UNREADABLE", `${key} starts as ${found.type}, but ${found.reason}.`, {
        details: { key },
      });
    case "unknown":
      return checkText(bytes, key, accepted);
  }
}

function checkText(bytes: Uint8Array, key: string, accepted: Accepted): Checked {
  const takesText = accepted.types.some((type) => type.startsWith("text/"));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    if (!takesText) return refuseType("neither a known image nor text", key, accepted);
    throw new SluiceError("TEXT_UNREADABLE", `${key} is not valid UTF-8.`, { details: { key } });
  }
  if (!takesText) return refuseType("text", key, accepted);
  if (bytes.some(isControl)) {
    throw new SluiceError("TEXT_UNREADABLE", `${key} holds control characters: it is no plain text.`, {
      details: { key },
    });
  }
  if (text.trim() === "")
    throw new SluiceError("TEXT_EMPTY", `${key} holds only white space.`, { details: { key } });
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
