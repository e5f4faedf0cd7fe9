// Pascal VOC: an XML file for each picture. Corners are taken as edges: width is xmax - xmin, as today's tools write it.
import { ahead, LANES } from "./ahead.ts";
import type { Format, Written } from "./format.ts";
import { keySet } from "./key-set.ts";
import { LINE_LIMIT } from "./lines.ts";
import { basename, directory, stem } from "./path.ts";
import type { Collection } from "./collection.ts";
import type { ReadContext } from "./format.ts";
import type { Labelled, Split } from "./labelled.ts";
import { type Problem, problem } from "./problem.ts";
import { sketch } from "./sketch.ts";
import { splitNamed, splitOfFolder } from "./split.ts";
import { readAnnotation } from "./voc-read.ts";
import { writeAnnotation } from "./voc-write.ts";

const FOLDER = "Annotations/";

export const voc: Format = {
  name: "voc",
  title: "Pascal VOC",
  tasks: ["object-detection"],
  looksFor: "an .xml file with an <annotation> for each picture",
  async detect({ endings, head }) {
    for (const path of (endings.get("xml") ?? []).slice(0, 20))
      if (/<annotation[\s>]/.test(await head(path))) return true;
    return false;
  },
  async *read(collection, context) {
    const splits = await splitLists(collection);
    const annotations = async function* () {
      for await (const { path } of collection.list()) if (/\.xml$/i.test(path)) yield path;
    };
    for await (const found of ahead(annotations(), LANES, (path) =>
      readOne(collection, path, splits, context),
    ))
      yield* found;
  },
  async *write(items): AsyncIterable<Written> {
    const paths = keySet();
    const splits = new Set<Split>();
    for await (const item of items()) {
      if (item.file === undefined || item.boxes === undefined) continue;
      const own = stem(item.file);
      const name = paths.add(own) ? own : item.file;
      yield { path: item.file, copyOf: item.file };
      yield {
        path: `${FOLDER}${name}.xml`,
        text: writeAnnotation({ ...item, file: item.file, boxes: item.boxes }),
      };
      if (!item.split) continue;
      splits.add(item.split);
      yield { path: `ImageSets/Main/${VOC_SPLIT[item.split]}.txt`, text: `${name}\n` };
    }
  },
};

const VOC_SPLIT: Record<Split, string> = { train: "train", validation: "val", test: "test" };

/** Which annotation each list of `ImageSets/Main` names. */
async function splitLists(collection: Collection) {
  const found: Array<{ split: Split; names: Set<string> }> = [];
  const seen = await sketch(collection);
  for (const path of seen.endings.get("txt") ?? []) {
    const split = /(^|\/)ImageSets\/Main\//.test(path) ? splitNamed(stem(basename(path))) : undefined;
    const bytes = split && (await collection.read(path));
    if (!bytes) continue;
    const names = new TextDecoder()
      .decode(bytes)
      .split(/\r?\n/)
      .filter((name) => name !== "");
    found.push({ split, names: new Set(names) });
  }
  return (name: string) => found.find(({ names }) => names.has(name))?.split;
}

async function readOne(
  collection: Collection,
  path: string,
  splitOf: (name: string) => Split | undefined,
  { folders }: ReadContext,
): Promise<Array<Labelled | Problem>> {
  const bytes = await collection.read(path, LINE_LIMIT + 1);
  if (!bytes) return [];
  if (bytes.byteLength > LINE_LIMIT)
    return [
      problem(
        "LABELS_TOO_LARGE",
        { file: path },
        `The labels of one picture hold more than ${LINE_LIMIT} bytes.`,
      ),
    ];
  const name = stem(path.slice(path.lastIndexOf(FOLDER) >= 0 ? path.lastIndexOf(FOLDER) + FOLDER.length : 0));
  const split = splitOf(name) ?? splitOfFolder(path);
  const text = new TextDecoder().decode(bytes);
  const found = await readAnnotation(text, { path, collection, folders, near: directory(path) });
  return found.map((one) => ("code" in one || !split ? one : { ...one, split }));
}
