// CSV as a stream (RFC 4180): quotes, doubled quotes, line breaks inside them, any line ending. A blank line says nothing.
import { LINE_LIMIT } from "./lines.ts";

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
  const take = function* (text: string): Generator<Row> {
    for (let at = 0; at < text.length; at += 1) {
      const one = text[at]!;
      if (pendingReturn) {
        pendingReturn = false;
        if (one === "\n") continue;
      }
      if (pendingQuote) {
        pendingQuote = false;
        if (one === '"') {
          cell += '"';
          held += 1;
          continue;
        }
        inside = false;
      } else if (inside) {
        if (one === '"') {
          pendingQuote = true;
          continue;
        }
        if (one === "\n") line += 1;
        held += 1;
        if (held <= LINE_LIMIT) cell += one;
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
        held += 1;
        if (held <= LINE_LIMIT && !(quoted && one === " ")) cell += one;
      }
    }
  };

  for await (const piece of bytes) yield* take(decoder.decode(piece, { stream: true }));
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
