// Converts UTF-16 with a byte order mark to UTF-8. Spreadsheets and PowerShell write UTF-16.

export const SAVE_AS_UTF8 = "Save the file as UTF-8.";

export function encodingOf(start: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  return start[0] === 0xfe && start[1] === 0xff ? "utf-16be" : "utf-8";
}

export async function* toUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined;
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of bytes) {
    let part = chunk;
    if (start) {
      part = start.length > 0 ? Buffer.concat([start, chunk]) : chunk;
      // The byte order mark has two bytes.
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
