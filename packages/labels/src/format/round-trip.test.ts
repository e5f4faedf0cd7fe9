// Random samples that are written and read again are equal. The seed makes failures reproducible.
import fc from "fast-check";
import { expect, test } from "vitest";
import { pictures } from "../image/pictures.fixture.ts";
import { openMemory } from "./collection.ts";
import type { FormatName, WriteContext } from "./format.ts";
import { formatNamed, readLabels } from "./formats.ts";
import type { Box, Sample } from "./sample.ts";
import { isProblem } from "./problem.ts";

const RUNS = { seed: 20_260_102, numRuns: 150 };
const CLASSES = ["wall", "Dach; mit, Komma", 'the "quoted" one', "猫", "a&b <c>", "Boots"];

const word = fc.constantFrom(
  "a",
  "photo 1",
  "é",
  "wörter, mit",
  "100%",
  "it's",
  'say "hi"',
  "日本",
  "😀",
  "x&y",
  "<b>",
  "#1",
  "a;b",
);
const extension = fc.constantFrom(".jpg", ".jpeg", ".png", ".JPG");
const file = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.nat(999_999), extension)
  .map(([words, number, ending]) => `${words.join("/")}-${number}${ending}`);
const className = fc.constantFrom(...CLASSES);
/** Like labeling tools: integers or a few decimals. */
const pixel = fc.oneof(
  fc.nat(640),
  fc.nat(640_000).map((value) => value / 1_000),
);
const side = pixel.filter((value) => value > 0);
const box: fc.Arbitrary<Box> = fc.record({ class: className, x: pixel, y: pixel, width: side, height: side });
const split = fc.option(fc.constantFrom("train" as const, "validation" as const, "test" as const), {
  nil: undefined,
});
const size = { width: 20, height: 10 };
const sentence = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\uFFFD|\r/.test(text));

const set = <T extends Sample>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, {
    minLength: 1,
    maxLength: 12,
    // Names that differ in extension or case only have their own test.
    selector: ({ file, text }) => (file ?? text)!.replace(/\.\w+$/, "").toLowerCase(),
  });

const provenance = {
  source: fc.constantFrom("job-7", "Müller, Anna", undefined),
  annotator: fc.constantFrom("anna@example.org", 'the "second" one', undefined),
  labelledAt: fc.constantFrom("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+02:00", undefined),
};
const plain = <T extends object>(item: fc.Arbitrary<T>) =>
  item.map((value) => JSON.parse(JSON.stringify(value)) as Sample);

const classified = plain(fc.record({ file, label: className, split }));
const classifiedBy = plain(
  fc.record({ file, label: className, split, ...provenance, confidence: fc.constantFrom(0.5, 1, undefined) }),
);
const texts = plain(fc.record({ text: sentence, label: className, split, ...provenance }));
const boxed = plain(
  fc.record({ file, boxes: fc.array(box, { maxLength: 5 }), image: fc.constant(size), split }),
);
const boxedBy = plain(
  fc.record({ file, boxes: fc.array(box, { maxLength: 5 }), image: fc.constant(size), split, ...provenance }),
);
const extras = fc.constantFrom<Sample["extra"][]>(
  undefined,
  { site: "north, 3" },
  { weather: "wet", nested: { list: [1, "a"] } },
);
const withExtra = plain(fc.tuple(boxedBy, extras).map(([item, extra]) => ({ ...item, extra })));

test.each<[FormatName, string, fc.Arbitrary<Sample>]>([
  ["folders", "classes", classified],
  ["csv", "classes", classifiedBy],
  ["csv", "boxes", withExtra],
  ["csv", "texts", texts],
  ["jsonl", "classes", classifiedBy],
  ["jsonl", "boxes", withExtra],
  ["jsonl", "texts", texts],
  ["manifest", "classes", classifiedBy],
  ["manifest", "boxes", withExtra],
  ["manifest", "texts", texts],
  ["coco", "boxes", withExtra],
  ["voc", "boxes", withExtra],
  ["yolo", "boxes", boxed],
])("%s returns the written %s", async (format, _kind, item) => {
  await fc.assert(
    fc.asyncProperty(set(item), async (items) => {
      // A single class with subfolders looks like a parent of class folders.
      fc.pre(format !== "folders" || new Set(items.map(({ label }) => label)).size > 1);
      const written = await write(format, items, { classes: CLASSES });
      const once = await read(format, written.files);
      expect(named(once, written.originals)).toEqual(named(items, new Map()));
      // A second round trip writes to the same paths.
      const again = await write(format, once, { classes: CLASSES });
      expect(await read(format, again.files)).toEqual(once);
    }),
    RUNS,
  );
});

test.each<FormatName>(["folders", "csv", "jsonl", "manifest", "coco", "voc", "yolo"])(
  "%s is detected in its own output",
  async (format) => {
    const boxes = [{ class: "wall", x: 1, y: 2, width: 3, height: 4 }];
    const items: Sample[] = ["coco", "voc", "yolo"].includes(format)
      ? [{ file: "a.png", boxes, image: size }]
      : [
          { file: "a.png", label: "Boots" },
          { file: "b.png", label: "wall" },
        ];
    const { files } = await write(format, items, { classes: CLASSES });
    const read: unknown[] = [];
    for await (const item of readLabels(openMemory("set", files), {})) read.push(item);
    expect(read).toHaveLength(items.length);
    expect(read).toMatchObject(
      items.map(({ label, boxes }) => ({ ...(label && { label }), ...(boxes && { boxes }) })),
    );
  },
);

async function write(format: FormatName, items: Sample[], context: WriteContext) {
  const files = new Map<string, Buffer>();
  /** The original path of each written image. */
  const originals = new Map<string, string>();
  for await (const one of formatNamed(format).write(() => items, context)) {
    if ("copyOf" in one) {
      expect(files.has(one.path), `${one.path} written twice`).toBe(false);
      files.set(one.path, pictures["image/png"]!);
      originals.set(one.path, one.copyOf);
    } else
      files.set(one.path, Buffer.concat([files.get(one.path) ?? Buffer.alloc(0), Buffer.from(one.text)]));
  }
  return { files, originals };
}

async function read(format: FormatName, files: Map<string, Buffer>): Promise<Sample[]> {
  const found: Sample[] = [];
  for await (const item of readLabels(openMemory("set", files), { format })) {
    if (isProblem(item)) throw new Error(`${item.code} ${item.file}:${item.line}: ${item.message}`);
    const { at: _, ...rest } = item;
    found.push(rest);
  }
  return found;
}

/** By original names, in one order, without the ids that COCO adds. */
function named(items: Sample[], originals: Map<string, string>) {
  const extra = (value: Sample["extra"]) => {
    const { id: _, ...rest } = value ?? {};
    return Object.keys(rest).length > 0 ? { extra: rest } : {};
  };
  return items
    .map(({ extra: itemExtra, boxes, ...item }) => ({
      ...item,
      ...(item.file !== undefined && { file: originals.get(item.file) ?? item.file }),
      ...(boxes && { boxes: boxes.map(({ extra: boxExtra, ...one }) => ({ ...one, ...extra(boxExtra) })) }),
      ...extra(itemExtra),
    }))
    .toSorted((a, b) => ((a.file ?? a.text)! < (b.file ?? b.text)! ? -1 : 1));
}
