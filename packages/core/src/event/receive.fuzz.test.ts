// Events of any shape are one of the app's own or refused as none.
import { test } from "vitest";
import { jsonLike, neverBreaks } from "../../../../test/support/fuzz.ts";
import { SluiceError } from "../error/error.ts";
import { schemas, source, type DomainEventType } from "./domain.ts";
import { received } from "./receive.ts";

test.each(Object.keys(schemas) as DomainEventType[])("%s", async (type) => {
  const event = {
    source,
    "detail-type": type,
    detail: { model: "cats", id: "x", at: "2026-01-01T00:00:00Z" },
  };
  await neverBreaks(
    jsonLike(event).filter((text) => text.length < 10_000),
    (text) => received(parsed(text)),
    (error) => error instanceof SluiceError,
    40,
  );
});

/** Lambda hands over parsed JSON only. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
