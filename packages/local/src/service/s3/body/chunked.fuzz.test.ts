// A framed body of any bytes is decoded or rejected, for any chunks of the network.
import { Readable } from "node:stream";
import fc from "fast-check";
import { test } from "vitest";
import { damaged, neverBreaks } from "../../../../../../test/support/fuzz.ts";
import { AwsError } from "../../../kernel/error.ts";
import { chunkVerifier } from "./chunk-signature.ts";
import { decodeChunked } from "./chunked.ts";

const framed = `5;chunk-signature=${"a".repeat(64)}\r\nhello\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n__proto__:x\r\n\r\n`;
const headers = {
  "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "x-amz-date": "20130524T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=AKIA/20130524/us-east-1/s3/aws4_request,SignedHeaders=host," +
    `Signature=${"a".repeat(64)}`,
};

test.each([
  ["unsigned", undefined],
  ["signed", () => chunkVerifier(headers, () => ({ secretAccessKey: "k", principal: { kind: "root" } }))],
] as const)("%s", async (_, verifier) => {
  await neverBreaks(
    fc.record({ bytes: damaged(framed), size: fc.integer({ min: 1, max: 40 }) }),
    async ({ bytes, size }) => {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      for await (const _ of decodeChunked(Readable.from(pieces), verifier?.()).data);
    },
    (error) => error instanceof AwsError && error.status < 500,
  );
});
