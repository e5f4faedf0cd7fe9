// YOLO: a text file of `class cx cy width height` lines beside each picture, in shares of its size. `images/` in a
// picture's path becomes `labels/` in its label's, as the trainers have it; else the label stands beside the picture.
import { LabelError } from "../error.ts";
import { measure } from "../image/size.ts";
import { ahead, LANES } from "./ahead.ts";
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, Written } from "./format.ts";
import { keySet } from "./key-set.ts";
import type { Labelled, Size, Split } from "./labelled.ts";
import { LINE_LIMIT } from "./lines.ts";
import { basename, directory, stem } from "./path.ts";
import { type Problem, problem } from "./problem.ts";
import { IMAGE, type Sketch, sketch } from "./sketch.ts";
import { splitOfFolder } from "./split.ts";
import { survey } from "./survey.ts";
import { readBoxes, writeBoxes } from "./yolo-boxes.ts";
import { classNames, dataYaml, isDataYaml } from "./yolo-names.ts";

export const yolo: Format = {
  name: "yolo",
  title: "YOLO",
  tasks: ["object-detection"],
  looksFor: "a data.yaml with names, or labels/*.txt of five numbers a line beside images/",
  detect: async (seen) => (await isDescribed(seen)) || (await hasLabelFiles(seen)),
  async *read(collection, context) {
    const seen = await sketch(collection);
    yield* readAll(collection, await classNames(seen, context), seen, context);
  },
  async *write(items, { classes, size }): AsyncIterable<Written> {
    const { classes: all, splits } = await survey(items, classes);
    const paths = keySet();
    for await (const item of items()) {
      if (item.file === undefined || item.boxes === undefined) continue;
      const image = item.image ?? (await size?.(item.file));
      if (!image && item.boxes.length > 0)
        throw new LabelError(
          "FORMAT_CANNOT_HOLD",
          `YOLO needs the size of ${item.file}, which is not known.`,
        );
      const path = picturePath(item.file, item.split);
      const label = labelPath(path);
      if (!paths.add(label))
        throw new LabelError("FORMAT_CANNOT_HOLD", `Two pictures would share the label file ${label}.`, {
          hint: "Rename one: YOLO knows a picture by its name without the ending.",
        });
      yield { path, copyOf: item.file };
      yield { path: label, text: image ? writeBoxes(item.boxes, all, image) : "" };
    }
    yield { path: "data.yaml", text: dataYaml(all, splits) };
  },
};

/** Where the trainers look for it: below a folder `images` and that of its split. */
function picturePath(file: string, split: Split | undefined): string {
  if (/(^|\/)images\//.test(file) && splitOfFolder(file) === split) return file;
  return `images/${split ? `${split}/` : ""}${file}`;
}

const isDescribed = async ({ endings, head }: Sketch) => {
  for (const path of [...(endings.get("yaml") ?? []), ...(endings.get("yml") ?? [])])
    if (isDataYaml(await head(path))) return true;
  return false;
};

const LINE = /^\s*\d+(\s+[\d.eE+-]+){4,}\s*$/;

const hasLabelFiles = async ({ images, endings, head }: Sketch) => {
  // Without pictures beside them, numbers are labels only where a folder says so.
  const candidates = (endings.get("txt") ?? []).filter((path) => images > 0 || /(^|\/)labels\//.test(path));
  for (const path of candidates.slice(0, 20)) {
    const lines = (await head(path)).split(/\r?\n/, 50).filter((line) => line.trim() !== "");
    if (lines.length > 0 && lines.every((line) => LINE.test(line))) return true;
  }
  return false;
};

async function* readAll(
  collection: Collection,
  classes: readonly string[] | Problem,
  seen: Sketch,
  { folders = [] }: ReadContext,
): AsyncGenerator<Labelled | Problem> {
  if ("code" in classes) yield classes;
  const names = "code" in classes ? [] : classes;
  const known = keySet();
  const pictures = async function* () {
    for await (const { path } of collection.list())
      if (IMAGE.test(path)) yield { path, label: labelPath(path) };
  };
  for await (const { label, found } of ahead(pictures(), LANES, (one) => readOne(collection, one, names))) {
    known.add(label);
    yield* found;
  }
  // Labels whose pictures are not listed: those of an archive, for pictures that lie elsewhere, or left over.
  const others = async function* () {
    if (seen.texts > 0)
      for await (const { path } of collection.list())
        if (/\.txt$/i.test(path) && !known.has(path) && (await isLabels(collection, path))) yield path;
  };
  for await (const found of ahead(others(), LANES, async (label) => {
    const path = await pictureOf(collection, label, folders);
    if (path === undefined)
      return [problem("FILE_MISSING", { file: label }, "No picture has this label file's name.")];
    return (await readOne(collection, { path, label }, names)).found;
  }))
    yield* found;
}

const isLabels = async (collection: Collection, path: string) => {
  if (/(^|\/)labels\//.test(path)) return true;
  const [first = ""] = new TextDecoder().decode(await collection.read(path, 256)).split("\n", 1);
  return LINE.test(first);
};

/** The picture of a label file, looked for by the endings pictures have. */
async function pictureOf(collection: Collection, label: string, folders: readonly string[]) {
  const bare = stem(label);
  const within = bare.replace(/^(.*\/)?labels\//, "");
  const stems = [
    bare.replace(/(^|\/)labels\/(?!.*\/labels\/)/, "$1images/"),
    ...folders.flatMap((folder) => [folder + within, folder + basename(bare)]),
  ];
  for (const one of new Set(stems))
    for (const ending of ENDINGS) if (await collection.has(one + ending)) return one + ending;
  return undefined;
}

const ENDINGS = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".JPG", ".JPEG", ".PNG"];

async function readOne(
  collection: Collection,
  { path, label }: { path: string; label: string },
  classes: readonly string[],
): Promise<{ label: string; found: Array<Labelled | Problem> }> {
  const bytes = await collection.read(label, LINE_LIMIT + 1);
  if (!bytes) return { label, found: [] };
  const at = { file: label };
  if (bytes.byteLength > LINE_LIMIT)
    return {
      label,
      found: [
        problem("LABELS_TOO_LARGE", at, `The labels of one picture hold more than ${LINE_LIMIT} bytes.`),
      ],
    };
  const image = await measure(collection, path);
  if (!image && bytes.byteLength > 0)
    return {
      label,
      found: [
        problem(
          "IMAGE_SIZE_UNKNOWN",
          { file: path },
          `The size of ${path} cannot be read, so its boxes cannot be placed.`,
        ),
      ],
    };
  return { label, found: read(path, bytes, label, classes, image) };
}

function read(
  path: string,
  bytes: Uint8Array,
  label: string,
  classes: readonly string[],
  image: Size | undefined,
) {
  const { boxes, problems } = readBoxes(
    new TextDecoder().decode(bytes),
    label,
    classes,
    image ?? { width: 1, height: 1 },
  );
  const split = splitOfFolder(path);
  const item: Labelled = {
    file: path,
    boxes,
    ...(image && { image }),
    ...(split && { split }),
    at: { file: label },
  };
  return [...problems, item];
}

function labelPath(image: string): string {
  const folders = directory(image).split("/");
  const at = folders.lastIndexOf("images");
  if (at >= 0) folders[at] = "labels";
  return `${folders.join("/")}${stem(basename(image))}.txt`;
}
