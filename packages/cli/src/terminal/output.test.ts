import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { formatBar, sanitize, table } from "./output.ts";

const lines = (text: string) => stripVTControlCharacters(text).split("\n");

test("table columns are aligned, numbers to the right, and a missing value is a dash", () => {
  const rows = [
    { name: "car", ms: 7 },
    { name: "elephant", ms: 123 },
    { name: undefined, ms: 0 },
  ];
  const shown = table(rows, [
    { title: "name", value: (row) => row.name },
    { title: "ms", value: (row) => row.ms },
  ]);
  expect(lines(shown)).toEqual(["name       ms", "car         7", "elephant  123", "-           0"]);
});

test("wide characters and emoji are two columns wide", () => {
  const shown = table(
    [
      { name: "猫.png", ok: "a" },
      { name: "🚗.png", ok: "b" },
      { name: "cats.png", ok: "c" },
    ],
    [
      { title: "name", value: (row) => row.name },
      { title: "ok", value: (row) => row.ok },
    ],
  );
  expect(lines(shown)).toEqual(["name      ok", "猫.png    a", "🚗.png    b", "cats.png  c"]);
});

test("a table without rows prints its header", () => {
  expect(lines(table([], [{ title: "id", value: () => "" }]))).toEqual(["id"]);
});

test.each([
  ["an escape sequence", "\u001b[2Jcar.png", "�[2Jcar.png"],
  ["a line break", "car\r\n.png", "car��.png"],
  ["an 8-bit control", "car\u009b2J.png", "car�2J.png"],
  ["a delete", "car\u007f.png", "car�.png"],
])("%s in a key does not reach the terminal", (_, key, shown) => {
  expect(sanitize(key)).toBe(shown);
  expect(lines(table([key], [{ title: "key", value: (row) => row }]))[1]).toBe(shown);
});

test("a tab and letters of any script are left alone", () => {
  expect(sanitize("Größe\t大きさ 🐈")).toBe("Größe\t大きさ 🐈");
});

test("a progress bar is full at its total, and empty without one", () => {
  expect(formatBar(12, 24)).toBe("█".repeat(12) + "░".repeat(12));
  expect(formatBar(30, 24)).toBe("█".repeat(24));
  expect(formatBar(0, 0)).toBe("░".repeat(24));
});
