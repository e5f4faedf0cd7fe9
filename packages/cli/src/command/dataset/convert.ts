import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { FormatName, Items } from "@sluice/labels/format/format.ts";
import type { Labelled } from "@sluice/labels/format/labelled.ts";
import { lines } from "@sluice/labels/format/lines.ts";
import { isProblem, type Problem } from "@sluice/labels/format/problem.ts";
import { Failure } from "../../failure.ts";
import { note, plain, printJson, progressOf, say } from "../../output.ts";
import { scratch } from "../../scratch.ts";
import { outputFolder } from "./output-folder.ts";
import { collectionAt, modelOf, reads, type SourceOptions } from "./source.ts";
import { demandFiles, type WriteOptions, writes } from "./writes.ts";

type ConvertOptions = SourceOptions & WriteOptions;

const SHOWN = 5;

export const convert = reads(
  writes(
    new Command("convert")
      .description("Write a dataset in another label format, with its files, into a new folder")
      .argument("<from>", "a folder, or s3://bucket/prefix/")
      .argument("<folder>", "a new folder"),
  ),
  [
    "sluice dataset convert coco-export yolo --to yolo",
    "sluice dataset convert s3://my-bucket/data/cats/ cats --to folders",
    "sluice dataset convert notes tuning --to chat --model compliance",
  ],
).action(async (from: string, folder: string, options: ConvertOptions) => {
  const { to, labelsOnly } = options;
  demandFiles(options);
  const model = await modelOf(options);
  const collection = await collectionAt(from, options);
  const { writeLabels } = await import("@sluice/labels/format/formats.ts");
  const { measure } = await import("@sluice/labels/image/size.ts");
  const output = await outputFolder(folder);
  const spool = await scratch("convert");
  const bar = progressOf("writing");
  try {
    const read = await spooled(collection, path.join(spool.folder, "labels.jsonl"), {
      format: options.format,
      classes: model?.classes,
    });
    const context = {
      classes: model?.classes,
      base: collection.name.startsWith("s3://") ? collection.name : "",
      size: (file: string) => measure(collection, file),
      text: async (file: string) => {
        const bytes = await collection.read(file);
        return bytes && new TextDecoder().decode(bytes);
      },
    };
    const missing: string[] = [];
    let copied = 0;
    for await (const one of writeLabels(to, read.items, context)) {
      if ("text" in one) await output.text(one.path, one.text);
      else if (!labelsOnly) {
        const bytes = await collection.stream(one.copyOf);
        if (bytes) await output.copy(one.path, bytes);
        else missing.push(one.copyOf);
        bar.at(++copied, read.count);
      }
    }
    await output.done();
    bar.end();
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
    say(`${plain(folder)}: ${read.count - read.unlabelled} labels as ${to}, ${files} files`);
    if (read.unlabelled > 0) note(`${read.unlabelled} files have no label.`);
    if (missing.length > 0)
      note(`${missing.length} files are missing: ${missing.slice(0, SHOWN).map(plain).join(", ")}`);
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    bar.end();
    spool.done();
  }
});

/** Read once and kept in a file: most formats are written in several passes. */
async function spooled(
  collection: Collection,
  file: string,
  context: { format?: FormatName; classes?: readonly string[] },
): Promise<{ items: Items; count: number; unlabelled: number }> {
  const { readLabels } = await import("@sluice/labels/format/formats.ts");
  const { isLabelled } = await import("@sluice/labels/format/labelled.ts");
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
    const told = errors
      .slice(0, SHOWN)
      .map((one) => `${one.file}${one.line ? `:${one.line}` : ""} ${one.message}`);
    throw new Failure("DATASET_INVALID", `${errors.length} labels cannot be read: ${told.join(" ")}`, {
      hint: "Nothing was written, for those labels would be lost. `sluice dataset validate` names each with its fix.",
    });
  }
  const items = async function* () {
    for await (const { text } of lines(createReadStream(file) as AsyncIterable<Uint8Array>))
      yield JSON.parse(text) as Labelled;
  };
  return { items, count, unlabelled };
}
