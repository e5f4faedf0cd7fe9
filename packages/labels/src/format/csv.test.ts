import { expect, test } from "vitest";
import { csv } from "./csv.ts";
import { readLines } from "./lines.ts";
import { readAll, collectionOf } from "./dataset.fixture.ts";

const labels = async (text: string) =>
  (await readAll({ "labels.csv": text }, { format: "csv" })).items.map(({ file, text: said, label }) => [
    file ?? said,
    label,
  ]);

test.each([
  ["plain", "file,label\na.jpg,cat\nb.jpg,dog\n"],
  ["without a last line end", "file,label\na.jpg,cat\nb.jpg,dog"],
  ["with a byte order mark and Windows line ends", "\uFEFFfile,label\r\na.jpg,cat\r\nb.jpg,dog\r\n"],
  ["with carriage returns", "file,label\ra.jpg,cat\rb.jpg,dog\r"],
  ["with other column names and another order", "Class Name;weather;Image_Path\ncat;wet;a.jpg\ndog;;b.jpg\n"],
  ["with tabs", "key\tcategory\na.jpg\tcat\nb.jpg\tdog\n"],
  ["with quotes and spaces", '"file" , "label"\n"a.jpg" , cat\n b.jpg,"dog"\n'],
  ["with blank lines", "file,label\n\na.jpg,cat\n\n\nb.jpg,dog\n\n"],
  ["without a header", "a.jpg,cat\nb.jpg,dog\n"],
])("a table %s is read", async (_kind, text) => {
  expect(await labels(text)).toEqual([
    ["a.jpg", "cat"],
    ["b.jpg", "dog"],
  ]);
});

test.each(["le", "be"])("a table in UTF-16 (%s) is read, for any chunk size", async (order) => {
  const text = Buffer.from("\uFEFFfile;label\r\nа.jpg;кот\r\n猫.jpg;dog\r\n", "utf16le");
  const bytes = order === "le" ? text : text.swap16();
  const { items } = await readAll({ "labels.csv": bytes });
  expect(items).toMatchObject([
    { file: "а.jpg", label: "кот" },
    { file: "猫.jpg", label: "dog" },
  ]);
  const one = async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  };
  const said: string[] = [];
  for await (const { text: line } of readLines(one())) said.push(line);
  expect(said).toEqual(["file;label", "а.jpg;кот", "猫.jpg;dog"]);
});

test("a row in another encoding is reported with its fix", async () => {
  const bytes = Buffer.concat([Buffer.from("file,label\na.jpg,cat\n"), Buffer.from("ü.jpg,dog\n", "latin1")]);
  const { items, problems } = await readAll({ "labels.csv": bytes });
  expect(items).toMatchObject([{ file: "a.jpg" }]);
  expect(problems).toMatchObject([{ code: "LINE_BROKEN", line: 3, fix: "Save the file as UTF-8." }]);
});

test("texts keep quotes, commas and line breaks, and have the line where they begin", async () => {
  const { items } = await readAll({ "t.csv": 'text,label\n"one, ""two""\nthree",good\n" spaced ",bad\n' });
  expect(items).toEqual([
    { text: 'one, "two"\nthree', label: "good", at: { file: "t.csv", line: 2 } },
    { text: " spaced ", label: "bad", at: { file: "t.csv", line: 4 } },
  ]);
});

test.each([
  [
    "corners",
    "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cat,1,2,11,22\na.jpg,100,80,dog,5,5,6,7\n",
  ],
  [
    "corners far apart",
    "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cat,1,2,11,22\nb.jpg,1,1,cat,0,0,1,1\na.jpg,100,80,dog,5,5,6,7\n",
  ],
  [
    "sizes",
    "file,image_width,image_height,label,x,y,w,h\na.jpg,100,80,cat,1,2,10,20\na.jpg,100,80,dog,5,5,1,2\n",
  ],
])("rows of boxes as %s become one label for each image", async (_kind, text) => {
  const { items } = await readAll({ "boxes.csv": text });
  expect(items.find(({ file }) => file === "a.jpg")).toMatchObject({
    image: { width: 100, height: 80 },
    boxes: [
      { class: "cat", x: 1, y: 2, width: 10, height: 20 },
      { class: "dog", x: 5, y: 5, width: 1, height: 2 },
    ],
  });
});

test("a row without a box is an image without objects", async () => {
  const { items } = await readAll({ "boxes.csv": "file,class,xmin,ymin,xmax,ymax\na.jpg,,,,,\n" });
  expect(items).toMatchObject([{ file: "a.jpg", boxes: [] }]);
});

test.each([
  ["an invalid number", "file,class,x,y,w,h\na.jpg,cat,one,2,3,4\nb.jpg,cat,1,2,3,4\n", ["FIELD_INVALID:2"]],
  ["half a box", "file,class,x,y,w,h\na.jpg,cat,1,,3,4\nb.jpg,cat,1,2,3,4\n", ["FIELD_INVALID:2"]],
  ["a box without a class", "file,class,x,y,w,h\na.jpg,,1,2,3,4\nb.jpg,cat,1,2,3,4\n", ["FIELD_INVALID:2"]],
  [
    "a path outside",
    "file,class,x,y,w,h\n../../etc/passwd,cat,1,2,3,4\nb.jpg,cat,1,2,3,4\n",
    ["PATH_UNSAFE:2"],
  ],
  ["an absolute path", "file,class,x,y,w,h\n/etc/passwd,cat,1,2,3,4\nb.jpg,cat,1,2,3,4\n", ["PATH_UNSAFE:2"]],
  ["no file", "file,class,x,y,w,h\n,cat,1,2,3,4\nb.jpg,cat,1,2,3,4\n", ["FIELD_MISSING:2"]],
  [
    "an unknown split",
    "file,split,class,x,y,w,h\na.jpg,later,cat,1,2,3,4\nb.jpg,val,cat,1,2,3,4\n",
    ["FIELD_INVALID:2"],
  ],
  [
    "an endless line",
    `file,class,x,y,w,h\n${"a".repeat(4_300_000)}\nb.jpg,cat,1,2,3,4\n`,
    ["LINE_TOO_LONG:2"],
  ],
  ["an open quote", 'file,class,x,y,w,h\nb.jpg,cat,1,2,3,4\n"a.jpg,cat,1,2,3,4\n', ["LINE_BROKEN:3"]],
])("%s loses its own row only", async (_kind, text, expected) => {
  const { items, codes } = await readAll({ "labels.csv": text });
  expect(codes).toEqual(expected);
  expect(items.map(({ file }) => file)).toEqual(["b.jpg"]);
});

test("invalid UTF-8 is reported with its line", async () => {
  const latin = Buffer.from("file,label\nm\xfcller.jpg,cat\nb.jpg,dog\n", "latin1");
  expect((await readAll({ "labels.csv": latin })).codes).toEqual(["LINE_BROKEN:2"]);
});

test("files are found by path, by name in another folder, and by a path of another machine", async () => {
  const pictures = { "photos/a.jpg": "x", "photos/b.jpg": "x" };
  for (const names of [
    ["photos/a.jpg", "photos/b.jpg"],
    ["C:\\data\\photos\\a.jpg", "C:\\data\\photos\\b.jpg"],
    ["/home/me/photos/a.jpg", "/home/me/photos/b.jpg"],
    ["s3://elsewhere/x/photos/a.jpg", "s3://elsewhere/x/photos/b.jpg"],
  ]) {
    const { items } = await readAll({
      ...pictures,
      "labels.csv": `file,label\n${names.map((name) => `${name},cat`).join("\n")}`,
    });
    expect(
      items.map(({ file }) => file),
      names[0],
    ).toEqual(["photos/a.jpg", "photos/b.jpg"]);
  }
  const named = { ...pictures, "labels.csv": "file,label\na.jpg,cat\nb.jpg,cat\n" };
  const { items } = await readAll(named, { folders: ["photos/"] });
  expect(items.map(({ file }) => file)).toEqual(["photos/a.jpg", "photos/b.jpg"]);
});

test("rows are streamed, not held in memory", async () => {
  const rows = 100_000;
  const head = Buffer.from("file,label\n");
  const block = Buffer.from(
    Array.from({ length: 1_000 }, (_, at) => `data/photo-${at}.jpg,class-${at % 7}\n`).join(""),
  );
  const stream = async function* () {
    yield head;
    for (let at = 0; at < rows / 1_000; at += 1) yield block;
  };
  const set = { ...collectionOf({ "labels.csv": head }), stream: async () => stream() };
  let read = 0;
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  for await (const _ of csv.read!(set, {}))
    if (++read % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  expect(read).toBe(rows);
  expect((most - before) / 1_000_000).toBeLessThan(100);
});
