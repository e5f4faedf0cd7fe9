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
import { createTempFolder } from "../terminal/temp-folder.ts";
import { createOutputFolder } from "./output-folder.ts";
import { openCollection, findModel, withSourceOptions, type SourceOptions } from "./source.ts";
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
    "npx sluice dataset convert coco-export yolo --to yolo",
    "npx sluice dataset convert s3://my-bucket/data/cats/ cats --to folders",
    "npx sluice dataset convert notes tuning --to chat --model compliance",
  ],
).action(async (source: string, folder: string, options: ConvertOptions) => {
  const { to, labelsOnly } = options;
  checkWriteOptions(options);
  const model = await findModel(options);
  const collection = await openCollection(source, options);
  const { writeLabels } = await import("@sluice/labels/format/formats.ts");
  const { readImageSize } = await import("@sluice/labels/image/image-size.ts");
  const output = await createOutputFolder(folder);
  const spool = await createTempFolder("convert");
  const bar = createProgressBar("writing");
  try {
    const read = await spoolLabels(collection, path.join(spool.folder, "labels.jsonl"), {
      format: options.format,
      classes: model?.classes,
    });
    const context = {
      classes: model?.classes,
      base: collection.name.startsWith("s3://") ? collection.name : "",
      size: (file: string) => readImageSize(collection, file),
      text: async (file: string) => {
        const bytes = await collection.read(file);
        return bytes && new TextDecoder().decode(bytes);
      },
    };
    const missing: string[] = [];
    let copied = 0;
    for await (const one of writeLabels(to, read.items, context)) {
      if ("text" in one) await output.appendText(one.path, one.text);
      else if (!labelsOnly) {
        const bytes = await collection.stream(one.copyOf);
        if (bytes) await output.copyFile(one.path, bytes);
        else missing.push(one.copyOf);
        bar.update(++copied, read.count);
      }
    }
    await output.publish();
    bar.clear();
    const files = copied - missing.length;
    if (options.json)
      return printJson({
        folder,
        format: to,
        labels: read.count - read.unlabelled,
        unlabelled: read.unlabelled,
        files,
        missing,
      });
    print(`${sanitize(folder)}: ${read.count - read.unlabelled} labels as ${to}, ${files} files`);
    if (read.unlabelled > 0) printNote(`${read.unlabelled} files have no label.`);
    if (missing.length > 0)
      printNote(
        `${missing.length} files are missing: ${missing.slice(0, MAX_PROBLEMS).map(sanitize).join(", ")}`,
      );
  } catch (error) {
    await output.abandon();
    throw error;
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
      hint: "Nothing was written. To see each error with its fix, run `npx sluice dataset validate SOURCE`.",
    });
  }
  const items = async function* () {
    for await (const { text } of readLines(createReadStream(file) as AsyncIterable<Uint8Array>))
      yield JSON.parse(text) as Sample;
  };
  return { items, count, unlabelled };
}
