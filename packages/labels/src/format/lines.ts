// Reads the lines of a file of any size.
import { toUtf8 } from "./utf8.ts";

/** Limits memory. A label needs a few hundred characters. */
export const MAX_LINE_LENGTH = 4_194_304;

export interface Line {
  number: number;
  text: string;
  /** Why the line cannot be read. Its text is empty. */
  fault?: "too long" | "not UTF-8";
}

const LF = 0x0a;

export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let [number, held, tooLong] = [0, 0, false];
  let rest: Uint8Array[] = [];
  const endLine = (last: Uint8Array): Line => {
    number += 1;
    const found: Line = tooLong ? { number, text: "", fault: "too long" } : decoded(number, [...rest, last]);
    [rest, held, tooLong] = [[], 0, false];
    return found;
  };
  for await (const chunk of toUtf8(bytes)) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const part = chunk.subarray(from, end);
      tooLong ||= held + part.length > MAX_LINE_LENGTH;
      yield endLine(part);
      from = end + 1;
    }
    held += chunk.length - from;
    if (held > MAX_LINE_LENGTH) [tooLong, rest] = [true, []];
    else if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (held > 0) yield endLine(new Uint8Array());
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
