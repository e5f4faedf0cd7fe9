// Output of commands: tables, colors and progress on a terminal, plain text in a pipe.
import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** `styleText` respects NO_COLOR and pipes. */
export const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });

/** A reader such as `head` may close the pipe early. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.exitCode = 1;
});
/** Notes are lost on a full disk, but the command continues. */
process.stderr.on("error", () => {});

export const print = (text = "") => void process.stdout.write(`${text}\n`);
/** To standard error, so that standard output holds only the result. */
export const printNote = (text: string) =>
  // `paint` checks standard output; standard error may be a file.
  void process.stderr.write(`${process.stderr.isTTY ? text : stripVTControlCharacters(text)}\n`);

export function printJson(value: unknown) {
  print(JSON.stringify(value, null, 2));
}

export interface Column<T> {
  title: string;
  value(row: T): string | number | undefined;
  style?(row: T): Style | undefined;
}

export function table<T>(rows: readonly T[], columns: Column<T>[]): string {
  const cells = rows.map((row) => columns.map((column) => sanitize(String(column.value(row) ?? "-"))));
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

export const printTable = <T>(rows: readonly T[], columns: Column<T>[]) => print(table(rows, columns));

/** Replaces control characters except tabs: a key or message must not control the terminal. */
export const sanitize = (text: string) =>
  // oxlint-disable-next-line no-control-regex -- control characters are the ones to replace
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

/** A progress bar on a terminal; nothing in a pipe. */
export function createProgressBar(label: string) {
  return {
    update(done: number, total: number) {
      if (!process.stderr.isTTY) return;
      process.stderr.write(`\r${label} ${formatBar(done, total)} ${done}/${total}`);
    },
    clear() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

const BAR_WIDTH = 24;

export function formatBar(done: number, total: number): string {
  const filled = Math.min(BAR_WIDTH, Math.round((done / Math.max(1, total)) * BAR_WIDTH));
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
}
