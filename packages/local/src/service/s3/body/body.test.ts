import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { startHash, type Algorithm } from "./checksum.ts";
import { chunkVerifier } from "./chunk-signature.ts";
import { decodeChunked } from "./chunked.ts";
import { combineChecksums } from "./combine.ts";

async function collect(data: AsyncIterable<Uint8Array>) {
  const parts: Uint8Array[] = [];
  for await (const bytes of data) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

/** The same bytes, cut at every `size`. */
const cut = (text: string, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      Buffer.from(text.slice(i * size, (i + 1) * size)),
    ),
  );

test("chunk framing is removed, wherever the network splits it", async () => {
  const framed =
    "5\r\nhello\r\n6;chunk-signature=" +
    "0".repeat(64) +
    "\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n";
  for (const size of [1, 2, 3, 7, 1000]) {
    const { data, trailers } = decodeChunked(cut(framed, size));
    expect(await collect(data)).toBe("hello world");
    expect(trailers).toEqual({ "x-amz-checksum-crc32": "DUoRhQ==" });
  }
});

test.each([
  ["ends early", "5\r\nhel", "IncompleteBody"],
  ["ends before its last chunk", "5\r\nhello\r\n", "IncompleteBody"],
  ["has a chunk longer than its header states", "2\r\nhello\r\n0\r\n\r\n", "InvalidRequest"],
  ["has no chunk size", "zz\r\nhello", "InvalidRequest"],
])("a framed body that %s is rejected", async (_, framed, code) => {
  await expect(collect(decodeChunked(cut(framed, 2)).data)).rejects.toMatchObject({ code });
});

// The worked example of Amazon's documentation: 66,560 times "a", in chunks of 64 KB.
const example = {
  "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "x-amz-date": "20130524T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host," +
    "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
};
const chunks = [
  [65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"],
  [1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"],
  [0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"],
] as const;
const signed = (letter: string) =>
  chunks
    .map(
      ([size, signature]) =>
        `${size.toString(16)};chunk-signature=${signature}\r\n${letter.repeat(size)}\r\n`,
    )
    .join("");
const verifier = () =>
  chunkVerifier(example, () => ({
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    principal: { kind: "root" },
  }));

test("signatures of chunks are verified", async () => {
  expect(await collect(decodeChunked(cut(signed("a"), 10_000), verifier()).data)).toBe("a".repeat(66_560));
  const changed = collect(decodeChunked(cut(signed("b"), 10_000), verifier()).data);
  await expect(changed).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
});

test.each(["CRC32", "CRC32C", "CRC64NVME"] as Algorithm[])(
  "the %s of an object is computed from those of its parts",
  async (algorithm) => {
    const digest = async (text: string) => {
      const hash = startHash(algorithm);
      hash.update(Buffer.from(text));
      return hash.digest();
    };
    const parts = ["", "a", "hello world".repeat(1000), "end"];
    const named = await Promise.all(
      parts.map(async (part) => ({ size: part.length, value: await digest(part) })),
    );
    const { value } = await combineChecksums(algorithm, "FULL_OBJECT", named);
    expect(value).toBe(await digest(parts.join("")));
  },
);
