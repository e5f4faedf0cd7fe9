// S3's checksum algorithms, computed incrementally.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import { invalidRequest } from "../errors.ts";
import { notImplemented } from "../../../kernel/error.ts";

export const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface Checksum {
  algorithm: Algorithm;
  /** Base64; "<base64>-<parts>" when composite. */
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Base64. */
  digest(): Promise<string>;
}

export function startHash(algorithm: Algorithm): Hasher {
  if (algorithm === "CRC32") {
    let value = 0;
    return {
      update: (bytes) => void (value = crc32(bytes, value)),
      async digest() {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value);
        return bytes.toString("base64");
      },
    };
  }
  if (algorithm === "CRC32C" || algorithm === "CRC64NVME") {
    const crc = algorithm === "CRC32C" ? new Crc32c() : new Crc64Nvme();
    return {
      update: (bytes) => crc.update(bytes),
      digest: async () => Buffer.from(await crc.digest()).toString("base64"),
    };
  }
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest("base64") };
}

export function readAlgorithm(name: string): Algorithm {
  const upper = name.toUpperCase();
  const known = ALGORITHMS.find((algorithm) => algorithm === upper);
  if (known) return known;
  if (/^(MD5|SHA512|XXHASH\w+)$/.test(upper)) throw notImplemented(`the checksum algorithm ${upper}`);
  throw invalidRequest(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
      `[${ALGORITHMS.join(", ")}]`,
  );
}

/** The algorithm's member in inputs and outputs: "ChecksumCRC32". */
export const memberOf = (algorithm: Algorithm) => `Checksum${algorithm}` as const;

/** The checksum of the body in the request's input. */
export function statedChecksum(
  input: Record<string, unknown>,
): { algorithm: Algorithm; value: string } | undefined {
  const stated = Object.keys(input)
    .filter((name) => /^Checksum(?!Algorithm|Mode|Type)/.test(name) && input[name] !== undefined)
    .map((name) => ({ algorithm: readAlgorithm(name.slice("Checksum".length)), value: String(input[name]) }));
  if (stated.length > 1)
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  return stated[0];
}

export function checksumOutput(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {};
}
