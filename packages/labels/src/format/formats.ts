// The label formats, in the order in which they are tried: the one with the clearest mark first.
import { LabelError } from "../error.ts";
import { chat } from "./chat.ts";
import { coco } from "./coco.ts";
import type { Collection } from "./collection.ts";
import { csv } from "./csv.ts";
import { folders } from "./folders.ts";
import type { Format, FormatName, Items, ReadContext, WriteContext, Written } from "./format.ts";
import { jsonl } from "./jsonl.ts";
import type { Labelled } from "./labelled.ts";
import { type Problem, problem } from "./problem.ts";
import { manifest } from "./manifest.ts";
import { sketch } from "./sketch.ts";
import { survey } from "./survey.ts";
import { voc } from "./voc.ts";
import { yolo } from "./yolo.ts";

export const formats: readonly Format[] = [manifest, coco, yolo, voc, jsonl, csv, folders, chat];

export function formatNamed(name: string): Format {
  const found = formats.find((one) => one.name === name);
  if (found) return found;
  throw new LabelError("FORMAT_UNKNOWN", `No label format is named "${name}".`, {
    hint: `Use one of: ${formats.map((one) => one.name).join(", ")}.`,
  });
}

/** The format its files are in; an error that says what was looked for where there is none. */
export async function detect(collection: Collection): Promise<Format> {
  const seen = await sketch(collection);
  for (const format of formats) if (format.read && (await format.detect(seen))) return format;
  const readable = formats.filter((one) => one.read);
  throw new LabelError(
    "FORMAT_UNKNOWN",
    seen.files === 0
      ? `${collection.name} holds no files.`
      : `${collection.name} is in no known label format: ${seen.files} files, ${seen.images} of them pictures.`,
    { hint: `Looked for ${readable.map(({ title, looksFor }) => `${title} (${looksFor})`).join("; ")}.` },
  );
}

/** The named format, or the one that is recognised; one that can be read. */
export async function readable(
  collection: Collection,
  name?: string,
): Promise<Format & Required<Pick<Format, "read">>> {
  const chosen = name === undefined ? await detect(collection) : formatNamed(name);
  if (chosen.read) return chosen as Format & Required<Pick<Format, "read">>;
  throw new LabelError("FORMAT_UNKNOWN", `${chosen.title} is written, never read.`, {
    hint: "Read the set from the format it was made in.",
  });
}

/** Everything a collection says about its files, in whatever format it says it. */
export async function* readLabels(
  collection: Collection,
  { format, ...context }: ReadContext & { format?: FormatName },
): AsyncIterable<Labelled | Problem> {
  const chosen = await readable(collection, format);
  let found = false;
  for await (const one of chosen.read(collection, context)) {
    found = true;
    yield one;
  }
  if (!found)
    yield problem(
      "LABELS_EMPTY",
      { file: collection.name },
      `No labels found as ${chosen.title}: ${chosen.looksFor}.`,
    );
}

/** Writes a set as one format; refused before anything is written where that format could not hold all of it. */
export async function* writeLabels(
  name: string,
  items: Items,
  context: WriteContext,
): AsyncGenerator<Written> {
  const { title, tasks, write } = formatNamed(name);
  const { labels, boxed, texts, classes } = await survey(items, context.classes);
  const refuse = (what: string) => {
    throw new LabelError("FORMAT_CANNOT_HOLD", `${title} cannot hold ${what}.`);
  };
  if (boxed > 0 && !tasks.includes("object-detection")) refuse("boxes");
  if (labels > 0 && tasks.every((task) => task === "object-detection")) refuse("a class for a whole picture");
  if (texts > 0 && !tasks.includes("text-classification")) refuse("texts");
  yield* write(items, { ...context, classes });
}
