// The first bytes of any file are inspected without an error.
import fc from "fast-check";
import { test } from "vitest";
import { damaged, neverBreaks } from "../../../../test/support/fuzz.ts";
import { inspectHeader } from "./header.ts";
import { pictures } from "./pictures.fixture.ts";

const never = () => false;

test.each(Object.entries(pictures))("a damaged %s", async (_, valid) => {
  await neverBreaks(damaged(valid), inspectHeader, never);
});

test("any bytes after the signature of each type", async () => {
  const marks = [
    "\xff\xd8\xff",
    "\x89PNG\r\n\x1a\n",
    "GIF89a",
    "RIFF\0\0\0\0WEBPVP8X",
    "BM",
    "II*\0",
    "MM\0*",
  ];
  const bytes = fc
    .tuple(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 200 }))
    .map(([mark, rest]) => Buffer.concat([Buffer.from(mark, "latin1"), rest]));
  await neverBreaks(bytes, inspectHeader, never, 600);
});
