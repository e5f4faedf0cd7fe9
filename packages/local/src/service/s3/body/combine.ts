// Computes the checksum of a multipart object from the checksums of its parts.
import { createHash } from "node:crypto";
import { startHash, type Algorithm, type Checksum } from "./checksum.ts";

interface Part {
  size: number;
  /** Base64. */
  value: string;
}

// Width in bits and reversed polynomial.
const CRC: Partial<Record<Algorithm, [width: bigint, polynomial: bigint]>> = {
  CRC32: [32n, 0xedb88320n],
  CRC32C: [32n, 0x82f63b78n],
  CRC64NVME: [64n, 0x9a6c9329ac4bc9b5n],
};

export async function combineChecksums(
  algorithm: Algorithm,
  type: Checksum["type"],
  parts: Part[],
): Promise<Checksum> {
  if (type === "COMPOSITE") {
    const hash = startHash(algorithm);
    for (const part of parts) hash.update(Buffer.from(part.value, "base64"));
    return { algorithm, type, value: `${await hash.digest()}-${parts.length}` };
  }
  const [width, polynomial] = CRC[algorithm]!;
  let whole = 0n;
  for (const { size, value } of parts) {
    const crc = BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
    whole = multiply(shift(size, width, polynomial), whole, width, polynomial) ^ crc;
  }
  const hex = whole.toString(16).padStart(Number(width) / 4, "0");
  return { algorithm, type, value: Buffer.from(hex, "hex").toString("base64") };
}

/** The ETag of a multipart object: the MD5 of the parts' MD5 digests. */
export function combineEtags(etags: string[]): string {
  const hash = createHash("md5");
  for (const etag of etags) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${etags.length}`;
}

/** x^(8 * bytes) modulo the polynomial: the factor for appending that many bytes. */
function shift(bytes: number, width: bigint, polynomial: bigint): bigint {
  let result = 1n << (width - 1n);
  let power = 1n << (width - 9n);
  for (let left = BigInt(bytes); left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(power, result, width, polynomial);
    power = multiply(power, power, width, polynomial);
  }
  return result;
}

/** a * b modulo the polynomial, with reversed bits. */
function multiply(a: bigint, b: bigint, width: bigint, polynomial: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << (width - 1n); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}
