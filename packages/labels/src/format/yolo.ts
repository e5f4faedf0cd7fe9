// YOLO: a text file for each image, with lines of `class cx cy width height` as fractions of its size. `images/` in the
// image's path becomes `labels/`. Without such a folder, the text file is beside the image.
import { LabelError } from "../error.ts";
import { readImageSize } from "../image/image-size.ts";
import { readAhead, CONCURRENCY } from "./read-ahead.ts";
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, WrittenPart } from "./format.ts";
import { keySet } from "./key-set.ts";
import type { Sample, Size, Split } from "./sample.ts";
import { MAX_LINE_LENGTH } from "./lines.ts";
import { basename, directory, stem } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import { READABLE_IMAGE, type FormatHints, formatHints } from "./format-hints.ts";
import { splitNamed, splitOfFolder } from "./split.ts";
import { summarizeLabels } from "./label-summary.ts";
import { readBoxes, writeBoxes } from "./yolo-boxes.ts";
import { classNames, dataYaml, isDataYaml } from "./yolo-names.ts";

export const yolo: Format = {
  name: "yolo",
  title: "YOLO",
  tasks: ["object-detection"],
  expects: "a data.yaml with names, or labels/*.txt files of five numbers in each line, beside images/",
  detect: async (hints) => (await isDescribed(hints)) || (await hasLabelFiles(hints)),
  async classes(collection) {
    const names = await classNames(await formatHints(collection), {});
    return "code" in names ? undefined : names;
  },
  async *read(collection, context) {
    const hints = await formatHints(collection);
    yield* readAll(collection, await classNames(hints, context), hints, context);
  },
  async *write(items, { classes, size }): AsyncIterable<WrittenPart> {
    const { classes: all, splits } = await summarizeLabels(items, classes);
    const paths = keySet();
    for await (const item of items()) {
      if (item.file === undefined || item.boxes === undefined) continue;
      const image = item.image ?? (await size?.(item.file));
      if (!image && item.boxes.length > 0)
        throw new LabelError("FORMAT_CANNOT_HOLD", `YOLO needs the size of ${item.file}, which is unknown.`);
      const path = imagePath(item.file, item.split);
      const label = labelPath(path);
      if (!paths.add(label))
        throw new LabelError("FORMAT_CANNOT_HOLD", `Two images would share the label file ${label}.`, {
          hint: "Rename one: YOLO identifies images by their names without the extension.",
        });
      yield { path, copyOf: item.file };
      yield { path: label, text: image ? writeBoxes(item.boxes, all, image) : "" };
    }
    yield { path: "data.yaml", text: dataYaml(all, splits) };
  },
};

/** Trainers expect images in `images/<split>/`, and read the split from there only. */
function imagePath(file: string, split: Split | undefined): string {
  if (/(^|\/)images\//.test(file) && splitOfFolder(file) === split) return file;
  if (split === undefined) return `images/${file}`;
  const folders = directory(file).split("/").slice(0, -1);
  const kept = folders.filter((folder) => folder !== "images" && !splitNamed(folder));
  // Files of equal names in the folders of two splits stay apart.
  const before = folders.filter((folder) => splitNamed(folder) && splitNamed(folder) !== split);
  return ["images", split, ...kept, [...before, basename(file)].join("-")].join("/");
}

const isDescribed = async ({ extensions, head }: FormatHints) => {
  for (const path of [...(extensions.get("yaml") ?? []), ...(extensions.get("yml") ?? [])])
    if (isDataYaml(await head(path))) return true;
  return false;
};

const LINE = /^\s*\d+(\s+[\d.eE+-]+){4,}\s*$/;

const hasLabelFiles = async ({ images, extensions, head }: FormatHints) => {
  // Without images, only files in a `labels` folder are labels.
  const candidates = (extensions.get("txt") ?? []).filter(
    (path) => images > 0 || /(^|\/)labels\//.test(path),
  );
  for (const path of candidates.slice(0, 20)) {
    const lines = (await head(path)).split(/\r?\n/, 50).filter((line) => line.trim() !== "");
    if (lines.length > 0 && lines.every((line) => LINE.test(line))) return true;
  }
  return false;
};

async function* readAll(
  collection: Collection,
  classes: readonly string[] | Problem,
  hints: FormatHints,
  { folders = [] }: ReadContext,
): AsyncGenerator<Sample | Problem> {
  if ("code" in classes) yield classes;
  const names = "code" in classes ? [] : classes;
  const known = keySet();
  const images = async function* () {
    for await (const { path } of collection.list())
      if (READABLE_IMAGE.test(path)) yield { path, label: labelPath(path) };
  };
  for await (const { label, found } of readAhead(images(), CONCURRENCY, (one) =>
    readOne(collection, one, names),
  )) {
    known.add(label);
    yield* found;
  }
  // Labels without an image in the collection: the image is elsewhere, or missing.
  const others = async function* () {
    if (hints.texts > 0)
      for await (const { path } of collection.list())
        if (/\.txt$/i.test(path) && !known.has(path) && (await isLabels(collection, path))) yield path;
  };
  for await (const found of readAhead(others(), CONCURRENCY, async (label) => {
    const path = await findImage(collection, label, folders);
    if (path === undefined)
      return [createProblem("FILE_MISSING", { file: label }, "No image has this label file's name.")];
    return (await readOne(collection, { path, label }, names)).found;
  }))
    yield* found;
}

const isLabels = async (collection: Collection, path: string) => {
  if (/(^|\/)labels\//.test(path)) return true;
  const [first = ""] = new TextDecoder().decode(await collection.read(path, 256)).split("\n", 1);
  return LINE.test(first);
};

/** Tries all image extensions. */
async function findImage(collection: Collection, label: string, folders: readonly string[]) {
  const base = stem(label);
  const within = base.replace(/^(.*\/)?labels\//, "");
  const stems = [
    base.replace(/(^|\/)labels\/(?!.*\/labels\/)/, "$1images/"),
    ...folders.flatMap((folder) => [folder + within, folder + basename(base)]),
  ];
  for (const one of new Set(stems))
    for (const extension of EXTENSIONS) if (await collection.has(one + extension)) return one + extension;
  return undefined;
}

const EXTENSIONS = [
  ".jpg",
  ".jpeg",
  ".png",
  ".webp",
  ".bmp",
  ".gif",
  ".tif",
  ".tiff",
  ".JPG",
  ".JPEG",
  ".PNG",
];

async function readOne(
  collection: Collection,
  { path, label }: { path: string; label: string },
  classes: readonly string[],
): Promise<{ label: string; found: Array<Sample | Problem> }> {
  const bytes = await collection.read(label, MAX_LINE_LENGTH + 1);
  if (!bytes) return { label, found: [] };
  const at = { file: label };
  if (bytes.byteLength > MAX_LINE_LENGTH)
    return {
      label,
      found: [
        createProblem(
          "LABELS_TOO_LARGE",
          at,
          `The labels of an image have more than ${MAX_LINE_LENGTH} bytes.`,
        ),
      ],
    };
  const image = await readImageSize(collection, path);
  if (!image && bytes.byteLength > 0)
    return {
      label,
      found: [
        createProblem(
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
  const item: Sample = {
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
