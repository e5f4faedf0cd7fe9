// Options of the commands that write labels to a new folder.
import { FORMAT_NAMES, type FormatName } from "@sluice/labels/format/format.ts";
import { type Command, Option } from "commander";
import { EXIT, Failure } from "../terminal/failure.ts";

export interface WriteOptions {
  to: FormatName;
  labelsOnly?: boolean;
}

const FORMATS: Record<FormatName, string> = {
  folders: "one folder per class, with its files",
  csv: "a table with file or text, class or box, and all other fields",
  yolo: "one text file per image, with data.yaml",
  coco: "COCO JSON with images and boxes",
  voc: "Pascal VOC: one XML file per image",
  manifest: "SageMaker Ground Truth augmented manifest",
  jsonl: "one JSON object per line, with all fields",
  chat: "one conversation per line with the class as its answer, to fine-tune a language model",
};

export function withWriteOptions(command: Command, format?: FormatName): Command {
  const to = new Option("--to <format>", "label format to write").choices(FORMAT_NAMES);
  const width = Math.max(...FORMAT_NAMES.map((name) => name.length)) + 2;
  return command
    .addOption(format === undefined ? to.makeOptionMandatory() : to.default(format))
    .option("--labels-only", "write only the labels, without the files")
    .addHelpText(
      "after",
      `\nFormats:\n${FORMAT_NAMES.map((name) => `  ${name.padEnd(width)}${FORMATS[name]}`).join("\n")}`,
    );
}

export function checkWriteOptions({ to, labelsOnly }: WriteOptions): void {
  if (labelsOnly && to === "folders")
    throw new Failure(
      "LABELS_ARE_FOLDERS",
      "The folders format stores labels as folders of files, so it needs the files.",
      {
        exit: EXIT.usage,
        hint: "Remove --labels-only, or choose another format.",
      },
    );
}
