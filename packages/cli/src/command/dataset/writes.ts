// What every command says that writes labels into a new folder.
import { FORMAT_NAMES, type FormatName } from "@sluice/labels/format/format.ts";
import { type Command, Option } from "commander";
import { EXIT, Failure } from "../../failure.ts";

export interface WriteOptions {
  to: FormatName;
  labelsOnly?: boolean;
}

const FORMATS: Record<FormatName, string> = {
  folders: "a folder a class, the files in it",
  csv: "a table: file or text, class or box, and all else that is known",
  yolo: "a text file a picture, with data.yaml",
  coco: "COCO's JSON of pictures and boxes",
  voc: "Pascal VOC: an XML file a picture",
  manifest: "SageMaker Ground Truth's augmented manifest",
  jsonl: "one JSON object a line, with everything that is known",
  chat: "one conversation a line, the class as its answer: to fine-tune a language model on texts",
};

export function writes(command: Command, format?: FormatName): Command {
  const to = new Option("--to <format>", "the format to write").choices(FORMAT_NAMES);
  const width = Math.max(...FORMAT_NAMES.map((name) => name.length)) + 2;
  return command
    .addOption(format === undefined ? to.makeOptionMandatory() : to.default(format))
    .option("--labels-only", "leave the files where they are")
    .addHelpText(
      "after",
      `\nFormats:\n${FORMAT_NAMES.map((name) => `  ${name.padEnd(width)}${FORMATS[name]}`).join("\n")}`,
    );
}

export function demandFiles({ to, labelsOnly }: WriteOptions): void {
  if (labelsOnly && to === "folders")
    throw new Failure("LABELS_ARE_FOLDERS", "In class folders the place of a file is its label.", {
      exit: EXIT.usage,
      hint: "Leave out --labels-only, or choose another format.",
    });
}
