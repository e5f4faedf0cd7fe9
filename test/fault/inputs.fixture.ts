// Files that no model should have to look at, and what each is to be told.
import { deflateSync, gzipSync } from "node:zlib";
import { png } from "../flow/edges.ts";

export type BadInput = readonly [name: string, bytes: Uint8Array | string, code: string];

const MB = 1024 * 1024;
const bytes = (...hex: string[]) => Buffer.from(hex.join(""), "hex");
const text = (content: string) => Buffer.from(content);

function chunk(name: string, data: Buffer) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
}

/** Says it is 8 by 8 and unpacks to half a gigabyte. */
function bomb() {
  const header = Buffer.from("0000000800000008080200000000", "hex").subarray(0, 13);
  const data = deflateSync(Buffer.alloc(512 * MB));
  return Buffer.concat([
    bytes("89504e470d0a1a0a"),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function bmp(width: number, height: number) {
  const file = Buffer.alloc(70);
  file.write("BM");
  file.writeUInt32LE(70, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** Bytes that follow no pattern, the same each time. */
function noise(length: number) {
  let state = 7;
  return Buffer.from(
    Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16),
  );
}

/** `photo` is a JPEG that is fine. */
export function badPictures(photo: Buffer): BadInput[] {
  const damaged = Buffer.from(photo);
  const headerEnd = damaged.indexOf(bytes("ffc0"));
  // The frame header promises a component table that is not there.
  damaged.fill(0xff, headerEnd + 9, headerEnd + 17);
  return [
    ["empty", "", "OBJECT_EMPTY"],
    ["one byte", "x", "TYPE_NOT_ACCEPTED"],
    ["null bytes", Buffer.alloc(1_000), "TYPE_NOT_ACCEPTED"],
    ["white space", " \n\t ", "TYPE_NOT_ACCEPTED"],
    ["noise", noise(5_000), "TYPE_NOT_ACCEPTED"],
    ["a text", "this is no picture", "TYPE_NOT_ACCEPTED"],
    ["JSON", '{"image":"base64"}', "TYPE_NOT_ACCEPTED"],
    ["a web page", "<!doctype html><script>alert(1)</script>", "TYPE_NOT_ACCEPTED"],
    ["an SVG that reads a file", '<svg><image href="file:///etc/passwd"/></svg>', "TYPE_NOT_ACCEPTED"],
    ["a PDF", text("%PDF-1.7\n%âãÏÓ"), "TYPE_NOT_ACCEPTED"],
    ["a ZIP", bytes("504b0304140000000800", "00".repeat(40)), "TYPE_NOT_ACCEPTED"],
    ["a program", bytes("4d5a9000", "00".repeat(60)), "TYPE_NOT_ACCEPTED"],
    ["a GZIP bomb", gzipSync(Buffer.alloc(64 * MB)), "TYPE_NOT_ACCEPTED"],
    ["a HEIC", bytes("00000018", "6674797068656963", "00".repeat(40)), "TYPE_NOT_ACCEPTED"],
    ["a JPEG of two bytes", bytes("ffd8"), "IMAGE_TRUNCATED"],
    ["a JPEG cut in its header", photo.subarray(0, 60), "IMAGE_TRUNCATED"],
    ["a JPEG cut in its pixels", photo.subarray(0, photo.length >> 1), "IMAGE_TRUNCATED"],
    ["a JPEG damaged inside", damaged, "IMAGE_UNREADABLE"],
    ["a PNG of its signature alone", bytes("89504e470d0a1a0a"), "IMAGE_TRUNCATED"],
    ["a PNG cut in its pixels", png(10, 10).subarray(0, 45), "IMAGE_TRUNCATED"],
    ["a PNG without pixels", png(10, 10), "IMAGE_UNREADABLE"],
    ["a PNG of no width", png(0, 10), "IMAGE_UNREADABLE"],
    ["a PNG of 3,600 megapixels", png(60_000, 60_000), "IMAGE_TOO_LARGE"],
    ["a PNG of the greatest size there is", png(0x7fffffff, 0x7fffffff), "IMAGE_TOO_LARGE"],
    ["a decompression bomb", bomb(), "IMAGE_UNREADABLE"],
    ["a GIF of its header alone", text("GIF89a"), "IMAGE_TRUNCATED"],
    [
      "a GIF of 4,294 megapixels",
      bytes("474946383961ffffffff800000", "00".repeat(20), "3b"),
      "IMAGE_TOO_LARGE",
    ],
    ["a BMP of 40,000 by 40,000", bmp(40_000, 40_000), "IMAGE_TRUNCATED"],
    ["a BMP of negative width", bmp(-5, 5), "IMAGE_UNREADABLE"],
    ["a WebP cut off", Buffer.concat([text("RIFF"), bytes("ff000000"), text("WEBPVP8 ")]), "IMAGE_TRUNCATED"],
    ["a TIFF that points outside itself", bytes("49492a00ffffff7f"), "IMAGE_TRUNCATED"],
    ["more bytes than the endpoint takes", Buffer.concat([photo, Buffer.alloc(4 * MB)]), "OBJECT_TOO_LARGE"],
  ];
}

export const badTexts: BadInput[] = [
  ["an empty text", "", "OBJECT_EMPTY"],
  ["a text of white space", " \n\u3000\t", "TEXT_EMPTY"],
  ["a text in Latin-1", bytes("47fc6e746572"), "TEXT_UNREADABLE"],
  ["a text in UTF-16", bytes("fffe410042004300"), "TEXT_UNREADABLE"],
  ["a text with control characters", "all\u0000fine", "TEXT_UNREADABLE"],
  ["a picture", png(8, 8), "TYPE_NOT_ACCEPTED"],
];

/** Names that files have had. All lie below the model's prefix, whatever they look like. */
export const oddNames = [
  "a b+c%20é.jpg",
  "../x",
  "../../etc/passwd",
  "..%2f..%2fx",
  "x".repeat(1_024 - "uploads/vehicles/".length),
  "🦊🚗.jpg",
  "<script>alert(1)</script>.jpg",
  "line\nbreak.jpg",
  "tab\there.jpg",
  "quote\"'`.jpg",
  "back\\slash.jpg",
  "a//b///c.jpg",
  "./.",
  " leading and trailing ",
  "q?x=1&y=2#z.jpg",
  "${jndi:ldap://x}.jpg",
  "%00.jpg",
  "e\u0301-decomposed.jpg",
  "\u202egpj.right-to-left.jpg",
  "no extension",
  "slash at the end/",
];
