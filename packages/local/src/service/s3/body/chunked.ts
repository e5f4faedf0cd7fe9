// The aws-chunked framing of streamed uploads:
// "<hex size>[;chunk-signature=<hex>]\r\n<data>\r\n ... 0[;...]\r\n[<trailer>:<value>\r\n ...]\r\n".
import { incompleteBody, invalidRequest } from "../errors.ts";
import type { ChunkVerifier } from "./chunk-signature.ts";

export interface Chunked {
  /** The decoded bytes. */
  data: AsyncIterable<Uint8Array>;
  /** Lower-cased names; complete once `data` has ended. */
  trailers: Record<string, string>;
}

// Maximum length of a chunk header or trailer.
const MAX_LINE = 4096;

export function decodeChunked(source: AsyncIterable<Uint8Array>, verifier?: ChunkVerifier): Chunked {
  const trailers: Record<string, string> = {};
  const reader = openReader(source);
  async function* data() {
    for (;;) {
      const header = await reader.line();
      const [, hex, signature = ""] =
        /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(header) ?? [];
      if (hex === undefined)
        throw invalidRequest(`The aws-chunked body has a bad chunk header: ${header.slice(0, 100)}`);
      let left = Number.parseInt(hex, 16);
      if (left === 0) {
        verifier?.end(signature);
        break;
      }
      while (left > 0) {
        const bytes = await reader.some(left);
        left -= bytes.length;
        verifier?.update(bytes);
        yield bytes;
      }
      verifier?.end(signature);
      if ((await reader.line()) !== "")
        throw invalidRequest("A chunk of the aws-chunked body is longer than its header states.");
    }
    for (let line = await reader.line(true); line !== ""; line = await reader.line(true)) {
      const colon = line.indexOf(":");
      if (colon < 1) throw invalidRequest(`The aws-chunked body has a bad trailer: ${line.slice(0, 100)}`);
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    verifier?.trailers(trailers);
  }
  return { data: data(), trailers };
}

function openReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let buffer: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (done) return false;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
    buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
    return true;
  };
  return {
    async line(endIsEmpty = false): Promise<string> {
      for (;;) {
        const end = buffer.indexOf("\r\n");
        if (end >= 0) {
          const line = buffer.toString("latin1", 0, end);
          buffer = buffer.subarray(end + 2);
          return line;
        }
        if (buffer.length > MAX_LINE) throw invalidRequest("The aws-chunked body has a line without an end.");
        if (await more()) continue;
        if (endIsEmpty && buffer.length === 0) return "";
        throw incompleteBody();
      }
    },
    /** At least one byte, at most `limit`. */
    async some(limit: number): Promise<Uint8Array> {
      while (buffer.length === 0) if (!(await more())) throw incompleteBody();
      const bytes = buffer.subarray(0, limit);
      buffer = buffer.subarray(bytes.length);
      return bytes;
    },
  };
}
