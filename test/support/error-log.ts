// ERROR lines of this process: what `console.error`, core's logger and the clouds started here print.
import { isErrorLine } from "@sluice/local/kernel/testing-log.ts";
import { expect } from "vitest";

interface Expectation {
  pattern: RegExp;
  seen: boolean;
}

const lines: string[] = [];
const expectations: Expectation[] = [];

/** Allows ERROR lines that match, until the end of the test file. One that never comes fails the file. */
export function expectErrorLog(pattern: RegExp) {
  expectations.push({ pattern, seen: false });
}

/** Fails on ERROR lines since the last call that no expectation allows. */
export function assertNoErrorLog() {
  const unexpected = lines.splice(0).filter((line) => {
    const matching = expectations.filter(({ pattern }) => pattern.test(line));
    for (const expectation of matching) expectation.seen = true;
    return matching.length === 0;
  });
  expect(unexpected, `unexpected ERROR log: ${unexpected.join("\n")}`).toEqual([]);
}

export function assertExpectedErrorLog() {
  const missing = expectations.splice(0).filter(({ seen }) => !seen);
  expect(
    missing.map(({ pattern }) => String(pattern)),
    "expected ERROR log that never came",
  ).toEqual([]);
}

/** Records ERROR lines instead of printing them; returns the undo. */
export function trapErrorLog(): () => void {
  const undo = [trapConsole(), trapStream(process.stdout), trapStream(process.stderr)];
  return () => {
    for (const restore of undo) restore();
  };
}

function trapConsole() {
  const original = console.error;
  console.error = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
  return () => void (console.error = original);
}

function trapStream(stream: NodeJS.WriteStream) {
  const original = stream.write;
  stream.write = ((...parts: Parameters<typeof original>) => {
    const [text] = parts;
    if (typeof text !== "string" || !isErrorLine(text)) return original.apply(stream, parts);
    lines.push(text.trimEnd());
    return true;
  }) as typeof original;
  return () => void (stream.write = original);
}
