// The lines of a file of any size, one at a time.
import { utf8 } from "./utf8.ts";

/** Characters. A label needs a few hundred; a line without end must not fill the memory. */
export const LINE_LIMIT = 4_194_304;

export interface Line {
  number: number;
  text: string;
  /** What is wrong with the line itself; its text is then empty. */
  fault?: "too long" | "not UTF-8";
}

const LF = 0x0a;

export async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let [number, held, tooLong] = [0, 0, false];
  let rest: Uint8Array[] = [];
  const line = (last: Uint8Array): Line => {
    number += 1;
    const found: Line = tooLong ? { number, text: "", fault: "too long" } : decoded(number, [...rest, last]);
    [rest, held, tooLong] = [[], 0, false];
    return found;
  };
  for await (const piece of utf8(bytes)) {
    let from = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
      const part = piece.subarray(from, end);
      tooLong ||= held + part.length > LINE_LIMIT;
      yield line(part);
      from = end + 1;
    }
    held += piece.length - from;
    if (held > LINE_LIMIT) [tooLong, rest] = [true, []];
    else if (from < piece.length) rest.push(piece.subarray(from));
  }
  if (held > 0) yield line(new Uint8Array());
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(number: number, parts: Uint8Array[]): Line {
  try {
    const text = strict.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    const start = number === 1 && text.startsWith("\uFEFF") ? 1 : 0;
    return { number, text: text.slice(start, text.endsWith("\r") ? -1 : undefined) };
  } catch {
    return { number, text: "", fault: "not UTF-8" };
  }
}
