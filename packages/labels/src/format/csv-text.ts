// Streaming CSV parser (RFC 4180) that accepts any line ending, skips blank lines, and reports faults by line.
import { MAX_LINE_LENGTH } from "./lines.ts";
import { toUtf8 } from "./utf8.ts";

export interface Row {
  /** The first line of the row, from 1. */
  line: number;
  cells: string[];
  fault?: "too long" | "a quote is never closed" | "not UTF-8";
}

export async function* readRows(bytes: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<Row> {
  const decoder = new TextDecoder("utf-8");
  let cells: string[] = [];
  let cell = "";
  /** The cell began with a quote, so its spaces are content. */
  let quoted = false;
  let inside = false;
  let [line, begun, held] = [1, 1, 0];

  const endCell = () => {
    cells.push(quoted ? cell : cell.trim());
    [cell, quoted] = ["", false];
  };
  const endRow = (): Row | undefined => {
    endCell();
    const tooLong = held > MAX_LINE_LENGTH;
    const row: Row = { line: begun, cells: tooLong ? [] : cells };
    if (tooLong) row.fault = "too long";
    else if (cells.some((one) => one.includes("\uFFFD"))) row.fault = "not UTF-8";
    const blank = held === 0 || (cells.length === 1 && cells[0] === "");
    [cells, held, begun] = [[], 0, line];
    return blank ? undefined : row;
  };

  /** The next character, perhaps of the next chunk, shows whether a quote ends the cell or is doubled. */
  let pendingQuote = false;
  let pendingReturn = false;
  const add = (run: string) => {
    held += run.length;
    if (held <= MAX_LINE_LENGTH) cell += run;
  };
  const parse = function* (text: string): Generator<Row> {
    let at = 0;
    while (at < text.length) {
      const one = text[at]!;
      if (pendingReturn) {
        pendingReturn = false;
        if (one === "\n") at += 1;
        continue;
      }
      if (pendingQuote) {
        pendingQuote = false;
        inside = one === '"';
        if (inside) {
          add('"');
          at += 1;
        }
        continue;
      }
      if (inside) {
        const quote = text.indexOf('"', at);
        const run = text.slice(at, quote < 0 ? undefined : quote);
        for (let end = run.indexOf("\n"); end >= 0; end = run.indexOf("\n", end + 1)) line += 1;
        add(run);
        at += run.length + 1;
        pendingQuote = quote >= 0;
        continue;
      }
      if (one === "\n" || one === "\r") {
        pendingReturn = one === "\r";
        line += 1;
        const row = endRow();
        if (row) yield row;
      } else if (one === delimiter) {
        held += 1;
        if (held <= MAX_LINE_LENGTH) endCell();
      } else if (one === '"' && !quoted && cell.trim() === "") {
        [cell, quoted, inside] = ["", true, true];
        held += 1;
      } else {
        let end = at + 1;
        while (end < text.length && !isMark(text[end]!)) end += 1;
        // Spaces after a closing quote are not content.
        const run = text.slice(at, end);
        add(quoted ? run.trimEnd() : run);
        at = end;
        continue;
      }
      at += 1;
    }
  };
  const isMark = (one: string) => one === delimiter || one === "\n" || one === "\r" || one === '"';

  for await (const chunk of toUtf8(bytes)) yield* parse(decoder.decode(chunk, { stream: true }));
  yield* parse(decoder.decode());
  if (inside && !pendingQuote) {
    yield { line: begun, cells: [], fault: held > MAX_LINE_LENGTH ? "too long" : "a quote is never closed" };
    return;
  }
  const last = endRow();
  if (last) yield last;
}

/** The most frequent one in the header, outside quotes. */
export function detectDelimiter(header: string): string {
  const unquoted = header.replace(/"[^"]*"/g, "");
  const count = (one: string) => unquoted.split(one).length - 1;
  return [",", ";", "\t", "|"].toSorted((a, b) => count(b) - count(a))[0]!;
}

export const formatCsvLine = (cells: readonly string[]) => `${cells.map(formatCsvCell).join(",")}\n`;

const formatCsvCell = (cell: string) =>
  cell === "" || !/[",;\t|\r\n]|^\s|\s$/.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`;
