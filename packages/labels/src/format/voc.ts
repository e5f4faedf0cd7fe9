// Pascal VOC: an XML file for each image. Width is xmax - xmin, as current tools write it.
import { readAhead, CONCURRENCY } from "./read-ahead.ts";
import type { Format, WrittenPart } from "./format.ts";
import { keySet } from "./key-set.ts";
import { MAX_LINE_LENGTH } from "./lines.ts";
import { basename, directory, stem } from "./path.ts";
import type { Collection } from "./collection.ts";
import type { ReadContext } from "./format.ts";
import type { Sample, Split } from "./sample.ts";
import { type Problem, createProblem } from "./problem.ts";
import { formatHints } from "./format-hints.ts";
import { splitNamed, splitOfFolder } from "./split.ts";
import { readAnnotation } from "./voc-read.ts";
import { writeAnnotation } from "./voc-write.ts";

const FOLDER = "Annotations/";

export const voc: Format = {
  name: "voc",
  title: "Pascal VOC",
  tasks: ["object-detection"],
  expects: "an .xml file with an <annotation> for each image",
  async detect({ extensions, head }) {
    for (const path of (extensions.get("xml") ?? []).slice(0, 20))
      if (/<annotation[\s>]/.test(await head(path))) return true;
    return false;
  },
  async *read(collection, context) {
    const splits = await splitLists(collection);
    const annotations = async function* () {
      for await (const { path } of collection.list()) if (/\.xml$/i.test(path)) yield path;
    };
    for await (const found of readAhead(annotations(), CONCURRENCY, (path) =>
      readOne(collection, path, splits, context),
    ))
      yield* found;
  },
  async *write(items): AsyncIterable<WrittenPart> {
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

/** The splits of annotations, from the lists in `ImageSets/Main`. */
async function splitLists(collection: Collection) {
  const found: Array<{ split: Split; names: Set<string> }> = [];
  const hints = await formatHints(collection);
  for (const path of hints.extensions.get("txt") ?? []) {
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
): Promise<Array<Sample | Problem>> {
  const bytes = await collection.read(path, MAX_LINE_LENGTH + 1);
  if (!bytes) return [];
  if (bytes.byteLength > MAX_LINE_LENGTH)
    return [
      createProblem(
        "LABELS_TOO_LARGE",
        { file: path },
        `The labels of an image have more than ${MAX_LINE_LENGTH} bytes.`,
      ),
    ];
  const name = stem(path.slice(path.lastIndexOf(FOLDER) >= 0 ? path.lastIndexOf(FOLDER) + FOLDER.length : 0));
  const split = splitOf(name) ?? splitOfFolder(path);
  const text = new TextDecoder().decode(bytes);
  const found = await readAnnotation(text, { path, collection, folders, near: directory(path) });
  return found.map((one) => ("code" in one || !split ? one : { ...one, split }));
}
