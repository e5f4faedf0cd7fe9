// Writes a request's body to a file, and verifies its size, checksums and signatures.
import { createHash } from "node:crypto";
import { AwsError } from "../../../kernel/error.ts";
import type { Call } from "../../../kernel/service.ts";
import type { S3 } from "../context.ts";
import { badDigest, incompleteBody, invalidRequest, tooLarge } from "../errors.ts";
import { readAlgorithm, startHash, statedChecksum, type Algorithm } from "./checksum.ts";
import { chunkVerifier } from "./chunk-signature.ts";
import { decodeChunked } from "./chunked.ts";
import type { BodyFile } from "./files.ts";

export interface ReceivedBody {
  body: BodyFile;
  /** MD5, hexadecimal. */
  etag: string;
  checksum: { algorithm: Algorithm; value: string };
}

export interface ReceiveOptions {
  maxBytes: number;
  /** The algorithm when the request contains no checksum. */
  algorithm: Algorithm;
  /** Use `algorithm` even when the request contains another checksum. */
  overrideAlgorithm?: boolean;
  /** Checks the size before the body is stored. */
  check?(size: number): void;
}

export async function receiveBody(
  s3: S3,
  input: Record<string, any>,
  call: Call,
  options: ReceiveOptions,
): Promise<ReceivedBody> {
  const { headers } = call;
  const stated = statedChecksum(input);
  const { data, trailers, length } = openData(s3, input, headers);
  if (length !== undefined && length > options.maxBytes) throw tooLarge(length, options.maxBytes);
  const trailer = headers["x-amz-trailer"]?.trim().toLowerCase();
  const trailed = trailer?.startsWith("x-amz-checksum-")
    ? readAlgorithm(trailer.slice("x-amz-checksum-".length))
    : undefined;
  if (headers["x-amz-sdk-checksum-algorithm"] && !stated && !trailed)
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  const claimedAlgorithm = stated?.algorithm ?? trailed;
  const algorithm = options.overrideAlgorithm ? options.algorithm : (claimedAlgorithm ?? options.algorithm);

  const md5 = createHash("md5");
  const hash = startHash(algorithm);
  const second = claimedAlgorithm && claimedAlgorithm !== algorithm ? startHash(claimedAlgorithm) : undefined;
  const writer = await s3.bodies.create();
  try {
    let size = 0;
    for await (const bytes of withIncompleteBodyError(data)) {
      size += bytes.length;
      if (size > options.maxBytes) throw tooLarge(size, options.maxBytes);
      md5.update(bytes);
      hash.update(bytes);
      second?.update(bytes);
      await writer.write(bytes);
    }
    if (length !== undefined && size !== length) throw incompleteBody();
    options.check?.(size);
    const digest = md5.digest();
    const value = await hash.digest();
    const claimed = stated?.value ?? (trailed ? trailers[trailer!] : undefined);
    if (trailed && claimed === undefined)
      throw invalidRequest(`The trailer ${trailer} is missing from the body.`);
    const actual = second ? await second.digest() : value;
    if (claimed !== undefined && claimed !== actual) throw badDigest(claimedAlgorithm!);
    if (input.ContentMD5 !== undefined) checkMd5(input.ContentMD5, digest);
    return { body: await writer.finish(), etag: digest.toString("hex"), checksum: { algorithm, value } };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function openData(s3: S3, { Body, ContentLength }: Record<string, any>, headers: Record<string, string>) {
  const source: AsyncIterable<Uint8Array> | Iterable<Uint8Array> =
    Body === undefined || Body === null
      ? []
      : typeof Body === "string"
        ? [Buffer.from(Body)]
        : Body instanceof Uint8Array
          ? [Body]
          : Body;
  const framed =
    headers["x-amz-content-sha256"]?.startsWith("STREAMING-") ||
    headers["content-encoding"]?.split(",").some((part) => part.trim() === "aws-chunked");
  if (!framed)
    return {
      data: source,
      trailers: {} as Record<string, string>,
      length: ContentLength as number | undefined,
    };
  const decoded = decodeChunked(
    source as AsyncIterable<Uint8Array>,
    chunkVerifier(headers, s3.kernel.identify),
  );
  const declared = Number(headers["x-amz-decoded-content-length"]);
  return { ...decoded, length: Number.isInteger(declared) ? declared : undefined };
}

/** Reports a broken connection as IncompleteBody: a user error, not a system error. */
async function* withIncompleteBodyError(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  try {
    yield* source;
  } catch (error) {
    throw error instanceof AwsError ? error : incompleteBody(error);
  }
}

function checkMd5(stated: string, actual: Buffer) {
  const expected = Buffer.from(stated, "base64");
  if (expected.length !== 16)
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.", {
      fields: { "Content-MD5": stated },
    });
  if (!expected.equals(actual)) throw badDigest("Content-MD5");
}
