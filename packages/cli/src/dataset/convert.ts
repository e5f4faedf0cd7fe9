import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { FormatName, Samples } from "@sluice/labels/format/format.ts";
import type { Sample } from "@sluice/labels/format/sample.ts";
import { readLines } from "@sluice/labels/format/lines.ts";
import { isProblem, type Problem } from "@sluice/labels/format/problem.ts";
import { Failure } from "../terminal/failure.ts";
import { printNote, sanitize, printJson, createProgressBar, print } from "../terminal/output.ts";
import { NOTHING_WRITTEN } from "../terminal/interrupt.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { checkFolderEmpty } from "./output-folder.ts";
import { openCollection, findModel, withSourceOptions, type SourceOptions } from "./source.ts";
import { showMissing, writeDataset } from "./write.ts";
import { checkWriteOptions, type WriteOptions, withWriteOptions } from "./write-options.ts";

type ConvertOptions = SourceOptions & WriteOptions;

const MAX_PROBLEMS = 5;

export const convert = withSourceOptions(
  withWriteOptions(
    new Command("convert")
      .description("Convert a dataset to another label format, in a new folder")
      .argument("<source>", "a folder, or s3://bucket/prefix/")
      .argument("<folder>", "a new folder"),
  ),
  [
    "npx sluice datasets convert coco-export yolo --to yolo",
    "npx sluice datasets convert s3://my-bucket/data/cats/ cats --to folders",
    "npx sluice datasets convert notes tuning --to chat --model compliance",
  ],
).action(async (source: string, folder: string, options: ConvertOptions) => {
  checkWriteOptions(options);
  const model = await findModel(options);
  const collection = await openCollection(source, options);
  await checkFolderEmpty(folder);
  const spool = await createTempFolder("convert", () => NOTHING_WRITTEN);
  const bar = createProgressBar("writing");
  try {
    const { items, count, unlabelled } = await spoolLabels(
      collection,
      path.join(spool.folder, "labels.jsonl"),
      { format: options.format, classes: model?.classes },
    );
    let done = 0;
    // Without the source's order, its class numbers would change.
    const { readClassOrder } = await import("@sluice/labels/format/formats.ts");
    const classes = model?.classes ?? (await readClassOrder(collection, options.format));
    const { files, missing } = await writeDataset(folder, options, {
      items,
      classes,
      collection,
      onFile: () => bar.update(++done, count),
    });
    bar.clear();
    const labels = count - unlabelled;
    if (options.json) return printJson({ folder, format: options.to, labels, unlabelled, files, missing });
    print(`${sanitize(folder)}: ${labels} labels as ${options.to}, ${files} files`);
    if (options.to === "yolo" && !classes)
      printNote(
        "The class numbers in data.yaml are in the order of the names. Add --model MODEL to use the model's class order.",
      );
    if (unlabelled > 0) printNote(`${unlabelled} files have no label.`);
    showMissing(missing);
  } finally {
    bar.clear();
    spool.remove();
  }
});

/** Reads the labels once into a file, because most formats are written in several passes. */
async function spoolLabels(
  collection: Collection,
  file: string,
  context: { format?: FormatName; classes?: readonly string[] },
): Promise<{ items: Samples; count: number; unlabelled: number }> {
  const { readLabels } = await import("@sluice/labels/format/formats.ts");
  const { isLabelled } = await import("@sluice/labels/format/sample.ts");
  const errors: Problem[] = [];
  let [count, unlabelled] = [0, 0];
  const handle = await openFile(file, "w");
  try {
    for await (const one of readLabels(collection, context)) {
      if (isProblem(one)) {
        if (one.severity === "error") errors.push(one);
        continue;
      }
      count += 1;
      if (!isLabelled(one)) unlabelled += 1;
      await handle.write(`${JSON.stringify(one)}\n`);
    }
  } finally {
    await handle.close();
  }
  if (errors.length > 0) {
    const messages = errors
      .slice(0, MAX_PROBLEMS)
      .map((one) => `${one.file}${one.line ? `:${one.line}` : ""} ${one.message}`);
    throw new Failure("DATASET_INVALID", `${errors.length} labels cannot be read: ${messages.join(" ")}`, {
      hint: "Nothing was written. To see each error with its fix, run `npx sluice datasets validate SOURCE`.",
    });
  }
  const items = async function* () {
    for await (const { text } of readLines(createReadStream(file) as AsyncIterable<Uint8Array>))
      yield JSON.parse(text) as Sample;
  };
  return { items, count, unlabelled };
}
