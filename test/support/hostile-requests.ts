// Requests no server should be troubled by, by seed: real pictures broken in many ways, lies about size and type, bombs.
import { crc32, deflateSync } from "node:zlib";

export interface HostileRequest {
  what: string;
  body: Uint8Array;
  headers: Record<string, string>;
}

type Chance = (below: number) => number;

export async function hostileRequests(
  good: Buffer,
  { seed, count }: { seed: number; count: number },
): Promise<HostileRequest[]> {
  const chance = generator(seed);
  return Array.from({ length: count }, (_, at) => {
    const [what, make] = KINDS[at % KINDS.length]!;
    const { body, headers = {} } = make(good, chance);
    return { what: `${what} (${at})`, body, headers };
  });
}

type Made = { body: Uint8Array; headers?: Record<string, string> };

const KINDS: [string, (good: Buffer, chance: Chance) => Made][] = [
  ["noise", (_, chance) => ({ body: noise(1 + chance(4000), chance) })],
  [
    "a picture's first bytes, then noise",
    (good, chance) => ({ body: Buffer.concat([good.subarray(0, 8), noise(600, chance)]) }),
  ],
  [
    "a cut picture",
    (good, chance) => ({ body: good.subarray(0, 1 + chance(Math.floor(good.length * 0.6))) }),
  ],
  [
    "only a JPEG's start",
    (_, chance) => ({ body: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), noise(200, chance)]) }),
  ],
  ["a GIF of nothing", (_, chance) => ({ body: Buffer.concat([Buffer.from("GIF89a"), noise(60, chance)]) })],
  [
    "a TIFF that points to itself",
    (_, chance) => ({ body: Buffer.concat([Buffer.from("II*\0\x08\0\0\0"), noise(80, chance)]) }),
  ],
  [
    "a WebP of noise",
    (_, chance) => ({ body: Buffer.concat([Buffer.from("RIFF\x40\0\0\0WEBPVP8 "), noise(70, chance)]) }),
  ],
  ["a PNG of impossible size", (_, chance) => ({ body: png(0x7fffffff - chance(1000), 0x7fffffff) })],
  ["a PNG bomb", (_, chance) => ({ body: png(40_000 + chance(1000), 40_000) })],
  ["a PNG without pixels", () => ({ body: png(0, 0) })],
  ["a PNG with a broken checksum", (_, chance) => ({ body: png(64, 64, chance(2 ** 31)) })],
  [
    "an SVG that reads files",
    () => ({
      body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    }),
  ],
  ["a PDF", () => ({ body: Buffer.from("%PDF-1.7\n1 0 obj <<>> endobj") })],
  [
    "an XML bomb",
    () => ({ body: Buffer.from('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>') }),
  ],
  ["nothing at all", () => ({ body: new Uint8Array() })],
  ["zeros", (_, chance) => ({ body: new Uint8Array(1 + chance(5000)) })],
  [
    "a wrong content type",
    (good, chance) => ({
      body: good,
      headers: { "content-type": ["text/html", "application/json", "a/b/c", "video/mp4"][chance(4)]! },
    }),
  ],
  ["an impossible wish", (good) => ({ body: good, headers: { accept: "image/x-nothing" } })],
  ["too much", (_, chance) => ({ body: new Uint8Array(200_001 + chance(1000)) })],
  [
    "JSON that is a picture",
    (_, chance) => ({
      body: Buffer.from(JSON.stringify({ image: chance(9) })),
      headers: { "content-type": "application/json" },
    }),
  ],
];

/** A PNG whose header claims any size, over a handful of real bytes. */
function png(width: number, height: number, badChecksum?: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    signature,
    chunk("IHDR", header, badChecksum),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer, checksum?: number): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((checksum ?? crc32(named)) >>> 0);
  return Buffer.concat([length, named, sum]);
}

function noise(length: number, chance: Chance): Buffer {
  return Buffer.from(Array.from({ length }, () => chance(256)));
}

/** Mulberry32: equal seeds, equal requests. */
function generator(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
