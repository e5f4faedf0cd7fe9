// Spreadsheets and PowerShell write UTF-16, which a mark at the start tells: readers get UTF-8 whatever it was.

export const SAVE_AS_UTF8 = "Save the file as UTF-8.";

export function encodingOf(start: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  return start[0] === 0xfe && start[1] === 0xff ? "utf-16be" : "utf-8";
}

export async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined;
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const piece of bytes) {
    let part = piece;
    if (start) {
      part = start.length > 0 ? Buffer.concat([start, piece]) : piece;
      // Half a mark says nothing yet.
      start = part.length < 2 ? part : undefined;
      if (start) continue;
      const encoding = encodingOf(part);
      if (encoding !== "utf-8") decoder = new TextDecoder(encoding);
    }
    yield decoder ? Buffer.from(decoder.decode(part, { stream: true })) : part;
  }
  if (start && start.length > 0) yield start;
  const rest = decoder?.decode();
  if (rest) yield Buffer.from(rest);
}
