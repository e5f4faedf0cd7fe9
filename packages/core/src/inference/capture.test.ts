import { expect, test } from "vitest";
import { captureFiles, isCaptured, referenceInput, requestInput } from "./capture.ts";

test("a capture is a line in SageMaker's format, in the folder of the invocation's hour", () => {
  const one = {
    id: "prd_1",
    endpoint: "e",
    variant: "AllTraffic",
    input: referenceInput({ bucket: "b", key: "k", versionId: "v" }),
    response: Buffer.from('{"a":1}'),
    at: Date.parse("2026-11-21T23:59:59.900Z"),
  };
  const files = captureFiles([
    one,
    { ...one, id: "prd_2", at: one.at + 200 },
    { ...one, id: "prd_3", input: requestInput(Buffer.from("hi"), "text/plain") },
  ]);
  expect(files.map(({ key }) => key)).toEqual([
    `capture/e/AllTraffic/2026/11/21/23/prd_1-${one.at}.jsonl`,
    `capture/e/AllTraffic/2026/11/22/00/prd_2-${one.at + 200}.jsonl`,
  ]);
  const lines = files[0]!.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({
    captureData: {
      endpointInput: {
        observedContentType: "application/json",
        mode: "INPUT",
        data: '{"s3Uri":"s3://b/k","versionId":"v"}',
        encoding: "JSON",
      },
      endpointOutput: {
        observedContentType: "application/json",
        mode: "OUTPUT",
        data: '{"a":1}',
        encoding: "JSON",
      },
    },
    eventMetadata: { eventId: "prd_1", inferenceId: "prd_1", inferenceTime: "2026-11-21T23:59:59Z" },
    eventVersion: "0",
  });
  expect(lines[1].captureData.endpointInput).toMatchObject({ data: "hi", encoding: "CSV" });
});

test("a declared share decides by the id, and takes about that share of all", () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `prd_${index}`);
  const captured = ids.filter((id) => isCaptured(id, 0.25));
  expect(captured.length).toBeGreaterThan(440);
  expect(captured.length).toBeLessThan(560);
  expect(captured.filter((id) => !isCaptured(id, 0.5))).toEqual([]);
  expect(ids.every((id) => isCaptured(id, 1))).toBe(true);
  expect(ids.some((id) => isCaptured(id, 0))).toBe(false);
});

test("an image or a long text of a request is captured as its size and digest", () => {
  const image = requestInput(Buffer.alloc(2_000, 7), "image/png");
  expect(JSON.parse(image.data)).toEqual({
    contentType: "image/png",
    bytes: 2_000,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(requestInput(Buffer.alloc(5_000, "a"), "text/plain").data).toContain('"bytes":5000');
});
