// All label formats, in the order of detection: the most specific first.
import { LabelError } from "../error.ts";
import { chat } from "./chat.ts";
import { coco } from "./coco.ts";
import type { Collection } from "./collection.ts";
import { csv } from "./csv.ts";
import { folders } from "./folders.ts";
import type { Format, FormatName, Samples, ReadContext, WriteContext, WrittenPart } from "./format.ts";
import { jsonl } from "./jsonl.ts";
import type { Sample } from "./sample.ts";
import { type Problem, createProblem } from "./problem.ts";
import { manifest } from "./manifest.ts";
import { formatHints } from "./format-hints.ts";
import { summarizeLabels } from "./label-summary.ts";
import { voc } from "./voc.ts";
import { yolo } from "./yolo.ts";

export const formats: readonly Format[] = [manifest, coco, yolo, voc, jsonl, csv, folders, chat];

export function formatNamed(name: string): Format {
  const found = formats.find((one) => one.name === name);
  if (found) return found;
  throw new LabelError("FORMAT_UNKNOWN", `Label format "${name}" does not exist.`, {
    hint: `Use one of: ${formats.map((one) => one.name).join(", ")}.`,
  });
}

/** Throws FORMAT_UNKNOWN with the expected files of each format. */
export async function detectFormat(collection: Collection): Promise<Format> {
  const hints = await formatHints(collection);
  for (const format of formats) if (format.read && (await format.detect(hints))) return format;
  const readable = formats.filter((one) => one.read);
  throw new LabelError(
    "FORMAT_UNKNOWN",
    hints.files === 0
      ? `${collection.name} contains no files.`
      : `${collection.name} has no known label format: ${hints.files} files, ${hints.images} of them images.`,
    {
      hint: `Expected one of: ${readable.map(({ title, expects: looksFor }) => `${title} (${looksFor})`).join("; ")}.`,
    },
  );
}

/** The named or detected format. Throws if it cannot be read. */
export async function readableFormat(
  collection: Collection,
  name?: string,
): Promise<Format & Required<Pick<Format, "read">>> {
  const chosen = name === undefined ? await detectFormat(collection) : formatNamed(name);
  if (chosen.read) return chosen as Format & Required<Pick<Format, "read">>;
  throw new LabelError("FORMAT_UNKNOWN", `${chosen.title} can only be written.`, {
    hint: "Read the dataset in its original format.",
  });
}

/** The classes in the order of their numbers, if the format has numbers with names. */
export async function readClassOrder(
  collection: Collection,
  format?: FormatName,
): Promise<readonly string[] | undefined> {
  return (await readableFormat(collection, format)).classes?.(collection);
}

/** Reads all labels of a collection, in any format. */
export async function* readLabels(
  collection: Collection,
  { format, ...context }: ReadContext & { format?: FormatName },
): AsyncIterable<Sample | Problem> {
  const chosen = await readableFormat(collection, format);
  let found = false;
  for await (const sample of chosen.read(collection, context)) {
    found = true;
    yield sample;
  }
  if (!found)
    yield createProblem(
      "LABELS_EMPTY",
      { file: collection.name },
      `No labels found as ${chosen.title}: ${chosen.expects}.`,
    );
}

/** Writes samples in a format. Throws before the first write if the format cannot hold them. */
export async function* writeLabels(
  name: string,
  items: Samples,
  context: WriteContext,
): AsyncGenerator<WrittenPart> {
  const { title, tasks, write } = formatNamed(name);
  const { labels, boxed, texts, classes } = await summarizeLabels(items, context.classes);
  const refuse = (what: string) => {
    throw new LabelError("FORMAT_CANNOT_HOLD", `${title} cannot hold ${what}.`);
  };
  if (boxed > 0 && !tasks.includes("object-detection")) refuse("boxes");
  if (labels > 0 && tasks.every((task) => task === "object-detection")) refuse("classes of whole images");
  if (texts > 0 && !tasks.includes("text-classification")) refuse("texts");
  yield* write(items, { ...context, classes });
}
