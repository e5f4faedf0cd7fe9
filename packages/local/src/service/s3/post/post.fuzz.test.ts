// Browser forms of any shape become an upload or an AWS error.
import { createHmac } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { damaged, jsonLike, neverBreaks, textOf } from "../../../../../../test/support/fuzz.ts";
import { AwsError } from "../../../kernel/error.ts";
import { signingKey } from "../../../wire/signing-key.ts";
import { readForm } from "./form.ts";
import { checkPolicy, verifySignature } from "./policy.ts";

const isAwsError = (error: unknown) => error instanceof AwsError && error.status < 500;

const form = [
  '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na/${filename}',
  '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx',
  '--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\nContent-Type: image/png\r\n\r\nbytes',
  "--b--\r\n",
].join("\r\n");

test("a damaged form, wherever the network cuts it", async () => {
  const pieces = fc.record({ bytes: damaged(form), size: fc.integer({ min: 1, max: 50 }) });
  await neverBreaks(
    pieces,
    async ({ bytes, size }) => {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const { file } = await readForm(Readable.from(chunks), "multipart/form-data; boundary=b");
      for await (const _ of file);
    },
    isAwsError,
  );
});

test("a content type of any text", async () => {
  const type = textOf("multipart/form-data", ";", "boundary", "=", '"', "b", " ");
  await neverBreaks(type, (text) => readForm(Readable.from([Buffer.from(form)]), text), isAwsError);
});

const policyOf = (text: string) => Buffer.from(text).toString("base64");
const policy = {
  expiration: "2030-01-01T00:00:00Z",
  conditions: [
    { bucket: "b" },
    ["starts-with", "$key", "a/"],
    ["content-length-range", 0, 10],
    ["eq", "$x-amz-date", "d"],
  ],
};

test("a policy of any JSON", async () => {
  await neverBreaks(
    jsonLike(policy),
    (text) => {
      const fields = new Map([["policy", policyOf(text)]]);
      const { min, max } = checkPolicy(fields, { bucket: "b", key: "a/x", now: 0 });
      expect(min <= max, `${min} to ${max}`).toBe(true);
    },
    isAwsError,
    400,
  );
});

test("a signature of any text", async () => {
  const secretAccessKey = "secret";
  const scope = ["20260101", "us-east-1", "s3", "aws4_request"];
  const good = createHmac("sha256", signingKey(secretAccessKey, scope)).update("p").digest("hex");
  // As many characters as the right one, but more bytes.
  const wide = fc.nat({ max: 63 }).map((at) => `${good.slice(0, at)}é${good.slice(at + 1)}`);
  await neverBreaks(
    fc.record({
      signature: fc.oneof(wide, damaged(good).map(String)),
      credential: textOf("key", "/", ...scope),
    }),
    ({ signature, credential }) =>
      verifySignature(
        new Map([
          ["policy", "p"],
          ["x-amz-credential", credential],
          ["x-amz-algorithm", "AWS4-HMAC-SHA256"],
          ["x-amz-signature", signature],
        ]),
        () => ({ secretAccessKey, principal: { kind: "root" } }),
      ),
    isAwsError,
  );
});
