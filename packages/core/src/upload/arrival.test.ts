import { expect, test } from "vitest";
import { arrivalMessage, isFolderMarker, parseArrival } from "./arrival.ts";

const event = (object: object, more: object = {}) =>
  JSON.stringify({
    source: "aws.s3",
    "detail-type": "Object Created",
    time: "2026-11-21T04:00:00Z",
    detail: { version: "0", bucket: { name: "uploads" }, object, reason: "PutObject" },
    ...more,
  });

test.each([
  "uploads/cats/a b+c%20é.jpg",
  "uploads/cats/../x",
  "uploads/cats/🐈.png",
  `uploads/cats/${"k".repeat(1_000)}`,
])("the key %s does not change", (key) => {
  expect(parseArrival(event({ key, size: 1, etag: '"e"', "version-id": "v" })).source).toEqual({
    bucket: "uploads",
    key,
    versionId: "v",
    etag: "e",
    size: 1,
  });
});

test("ETag, size and version are optional", () => {
  expect(parseArrival(event({ key: "k" })).source).toMatchObject({ key: "k" });
});

test("the message of a waiting prediction is parsed to the same upload", () => {
  const arrival = parseArrival(event({ key: "k", size: 4, etag: "e", "version-id": "v" }));
  expect(parseArrival(arrivalMessage(arrival))).toEqual(arrival);
});

test("a folder that the S3 console created is not an upload", () => {
  expect(isFolderMarker(parseArrival(event({ key: "uploads/cats/", size: 0 })))).toBe(true);
  expect(isFolderMarker(parseArrival(event({ key: "uploads/cats/a", size: 0 })))).toBe(false);
});

test.each([
  ["{", /not JSON/],
  [event({ size: 1 }), /detail\.object\.key/],
  [event({ key: "k" }, { "detail-type": "Object Deleted" }), /detail-type/],
  [event({ key: "k" }, { time: "yesterday" }), /time/],
])("an invalid message is rejected with the invalid field: %s", (body, message) => {
  expect(() => parseArrival(body)).toThrow(message);
});
