// Events of any shape are parsed as one of the app's events, or rejected.
import { test } from "vitest";
import { jsonLike, neverBreaks } from "../../../../test/support/fuzz.ts";
import { SluiceError } from "../error/error.ts";
import { eventSource, eventTypes } from "../events.ts";
import { parseEvent } from "./receive.ts";

test.each(eventTypes)("%s", async (type) => {
  const event = {
    source: eventSource,
    "detail-type": type,
    detail: { model: "cats", id: "x", at: "2026-01-01T00:00:00Z" },
  };
  await neverBreaks(
    jsonLike(event).filter((text) => text.length < 10_000),
    (text) => parseEvent(parsed(text), type),
    (error) => error instanceof SluiceError,
    40,
  );
});

/** Lambda passes parsed JSON only. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
