// Messages of any content are parsed as an upload event, or rejected.
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLike, neverBreaks } from "../../../../test/support/fuzz.ts";
import { SluiceError } from "../error/error.ts";
import { parseArrival } from "./arrival.ts";

const event = {
  "detail-type": "Object Created",
  source: "aws.s3",
  time: "2026-01-01T00:00:00Z",
  detail: {
    bucket: { name: "b" },
    object: { key: "uploads/a", size: 1, etag: "x", "version-id": "1", sequencer: "0" },
  },
};
const isRefusal = (error: unknown) => error instanceof SluiceError && error.code === "EVENT_INVALID";

test("a message of a queue", async () => {
  const body = fc.oneof(jsonLike(event), fc.string());
  await neverBreaks(body, (text) => expect(parseArrival(text).source.key).not.toBe(""), isRefusal, 300);
});
