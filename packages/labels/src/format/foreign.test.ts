// Label files with other names for the same fields, and broken ones.
import { expect, test } from "vitest";
import { readAll } from "./dataset.fixture.ts";

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

test("JSON Lines: own field names, common other names, and broken lines", async () => {
  const { items, codes } = await readAll({
    "train.jsonl":
      line({ file: "a.png", label: "cat", width: 20, height: 10, etag: "x" }) +
      line({ file_name: "b.png", class: "dog" }) +
      "not json\n[1]\n" +
      line({ file: "c.png", boxes: [{ class: "cat", x: 1, y: 1, width: "wide", height: 1 }] }) +
      line({ file: "../../x.png", label: "cat" }) +
      line({ label: "cat" }) +
      line({ file: "d.png", label: "cat", ["__proto__"]: { polluted: true } }),
  });
  expect(items.map(({ file, label, split }) => [file, label, split])).toEqual([
    ["a.png", "cat", "train"],
    ["b.png", "dog", "train"],
    ["d.png", "cat", "train"],
  ]);
  expect(items[0]).toMatchObject({ image: { width: 20, height: 10 }, extra: { etag: "x" } });
  expect(codes).toEqual([
    "LINE_BROKEN:3",
    "LINE_BROKEN:4",
    "FIELD_INVALID:5",
    "PATH_UNSAFE:6",
    "FIELD_INVALID:7",
  ]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("class folders: at the top, in one folder, below splits, and with texts", async () => {
  const read = async (...paths: string[]) => {
    const { items } = await readAll(Object.fromEntries(paths.map((path) => [path, "x"])));
    return items.map(({ label, split }) => [label, split]);
  };
  const both = [
    ["cat", undefined],
    ["dog", undefined],
  ];
  expect(await read("cat/1.jpg", "dog/2.jpg", "readme.md")).toEqual(both);
  expect(await read("pets/cat/1.jpg", "pets/dog/in/side/2.jpg")).toEqual(both);
  expect(await read("cat/1.txt", "dog/2.txt")).toEqual(both);
  expect(await read("train/cat/1.jpg", "train/dog/1.jpg", "valid/cat/2.jpg")).toEqual([
    ["cat", "train"],
    ["dog", "train"],
    ["cat", "validation"],
  ]);
});

test("an unknown label format is rejected with the expected files", async () => {
  await expect(readAll({ "notes.txt": "hello", "a.jpg": "x" })).rejects.toMatchObject({
    code: "FORMAT_UNKNOWN",
    hint: expect.stringContaining("data.yaml"),
  });
  await expect(readAll({})).rejects.toThrow("contains no files");
  await expect(readAll({ "a.csv": "file,label\n" }, { format: "chat" })).rejects.toMatchObject({
    code: "FORMAT_UNKNOWN",
  });
  expect((await readAll({ "a.csv": "" }, { format: "csv" })).codes).toEqual(["LABELS_EMPTY"]);
});
