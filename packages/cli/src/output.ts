// What people read: tables, colours and progress on a terminal, plain text in a pipe. With --json, one JSON document.
import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** `styleText` itself honours NO_COLOR and pipes. */
export const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });

/** Who reads may have seen enough (`sluice logs | head`): then there is nothing left to do. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.exitCode = 1;
});
/** A file on a full disk takes no notes; that must not end what goes on without them. */
process.stderr.on("error", () => {});

export const say = (text = "") => void process.stdout.write(`${text}\n`);
/** For people only: keeps standard output clean for what is asked for. */
export const note = (text: string) =>
  // `paint` asks standard output; this may go to a file all the same.
  void process.stderr.write(`${process.stderr.isTTY ? text : stripVTControlCharacters(text)}\n`);

export function printJson(value: unknown) {
  say(JSON.stringify(value, null, 2));
}

export interface Column<T> {
  title: string;
  value(row: T): string | number | undefined;
  style?(row: T): Style | undefined;
}

export function table<T>(rows: readonly T[], columns: Column<T>[]): string {
  const cells = rows.map((row) => columns.map((column) => plain(String(column.value(row) ?? "-"))));
  const numeric = columns.map((column) => rows.every((row) => typeof (column.value(row) ?? 0) === "number"));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => width(line[index]!))),
  );
  const pad = (text: string, index: number) => {
    const gap = " ".repeat(Math.max(0, widths[index]! - width(text)));
    return numeric[index] ? gap + text : text + gap;
  };
  const head = columns.map((column, index) => paint("dim", pad(column.title, index))).join("  ");
  const body = cells.map((line, at) =>
    line
      .map((text, index) => {
        const style = columns[index]!.style?.(rows[at]!);
        return style ? paint(style, pad(text, index)) : pad(text, index);
      })
      .join("  ")
      .trimEnd(),
  );
  return [head.trimEnd(), ...body].join("\n");
}

/** A key or a message may hold control characters; a terminal must not act on them. Tabs it may. */
export const plain = (text: string) =>
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is taken out
  text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "�");

const segments = new Intl.Segmenter();
const width = (text: string) =>
  [...segments.segment(text)].reduce(
    (sum, { segment }) => sum + (/\p{Extended_Pictographic}|\p{Script=Han}/u.test(segment) ? 2 : 1),
    0,
  );

export const STATUS_STYLE: Record<string, Style> = {
  completed: "green",
  InService: "green",
  rejected: "yellow",
  pending: "dim",
  processing: "cyan",
  failed: "red",
  Failed: "red",
};

/** A bar on a terminal; nothing in a pipe. */
export function progress(total: number, label: string) {
  const bar = progressOf(label);
  let done = 0;
  bar.at(0, total);
  return {
    step() {
      bar.at(++done, total);
    },
    end: bar.end,
  };
}

/** For work whose extent shows only on the way. */
export function progressOf(label: string) {
  return {
    at(done: number, total: number) {
      if (!process.stderr.isTTY) return;
      const filled = Math.round((done / Math.max(1, total)) * 24);
      process.stderr.write(`\r${label} ${"█".repeat(filled)}${"░".repeat(24 - filled)} ${done}/${total}`);
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
