// CSV as a stream (RFC 4180): quotes, doubled quotes, line breaks inside them, any line ending. A blank line says nothing.
import { LINE_LIMIT } from "./lines.ts";
import { utf8 } from "./utf8.ts";

export interface Row {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
  fault?: "too long" | "a quote is never closed" | "not UTF-8";
}

export async function* rows(bytes: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<Row> {
  const decoder = new TextDecoder("utf-8");
  let cells: string[] = [];
  let cell = "";
  /** Whether the cell began with a quote; its spaces are then meant. */
  let quoted = false;
  let inside = false;
  let [line, begun, held] = [1, 1, 0];

  const endCell = () => {
    cells.push(quoted ? cell : cell.trim());
    [cell, quoted] = ["", false];
  };
  const endRow = (): Row | undefined => {
    endCell();
    const tooLong = held > LINE_LIMIT;
    const row: Row = { line: begun, cells: tooLong ? [] : cells };
    if (tooLong) row.fault = "too long";
    else if (cells.some((one) => one.includes("\uFFFD"))) row.fault = "not UTF-8";
    const blank = held === 0 || (cells.length === 1 && cells[0] === "");
    [cells, held, begun] = [[], 0, line];
    return blank ? undefined : row;
  };

  /** A quote that ends a cell or is doubled is told by what follows, perhaps in the next piece. */
  let pendingQuote = false;
  let pendingReturn = false;
  const add = (run: string) => {
    held += run.length;
    if (held <= LINE_LIMIT) cell += run;
  };
  const take = function* (text: string): Generator<Row> {
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
        if (held <= LINE_LIMIT) endCell();
      } else if (one === '"' && !quoted && cell.trim() === "") {
        [cell, quoted, inside] = ["", true, true];
        held += 1;
      } else {
        let end = at + 1;
        while (end < text.length && !isMark(text[end]!)) end += 1;
        // After a closing quote, spaces before the delimiter are layout.
        const run = text.slice(at, end);
        add(quoted ? run.trimEnd() : run);
        at = end;
        continue;
      }
      at += 1;
    }
  };
  const isMark = (one: string) => one === delimiter || one === "\n" || one === "\r" || one === '"';

  for await (const piece of utf8(bytes)) yield* take(decoder.decode(piece, { stream: true }));
  yield* take(decoder.decode());
  if (inside && !pendingQuote) {
    yield { line: begun, cells: [], fault: held > LINE_LIMIT ? "too long" : "a quote is never closed" };
    return;
  }
  const last = endRow();
  if (last) yield last;
}

/** The one that stands most often in the header outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (one: string) => bare.split(one).length - 1;
  return [",", ";", "\t", "|"].toSorted((a, b) => count(b) - count(a))[0]!;
}

export const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(",")}\n`;

const csvCell = (cell: string) =>
  cell === "" || !/[",;\t|\r\n]|^\s|\s$/.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`;
