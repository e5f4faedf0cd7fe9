import { stat } from "node:fs/promises";
import type { Import } from "@sluice/core/label/import.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { connectTarget } from "../target/options.ts";
import { importLabelFile } from "./label-file.ts";
import { uploadCollection, waitForImport } from "./upload.ts";
import { showUpload, showImport } from "./show.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printNote, printJson } from "../terminal/output.ts";
import { openCollection, findModel, withSourceOptions, type SourceOptions } from "./source.ts";

interface ImportOptions extends SourceOptions {
  inPlace?: boolean;
  files?: string;
  allowMissing?: boolean;
}

export const importCommand = withSourceOptions(
  new Command("import")
    .description(
      "Import files with their labels for a model; files that are already present are not uploaded again",
    )
    .argument("<source>", "a folder, s3://bucket/prefix/, or a label file")
    .option(
      "--in-place",
      "<source> is a prefix of the uploads bucket; label its objects by their class folders",
    )
    .option("--files <prefix>", "label file: prefix in the uploads bucket; file names are relative to it")
    .option("--allow-missing", "import the label file before its files are uploaded"),
  [
    "npx sluice datasets import photos --model cats",
    "npx sluice datasets import labels.csv --model vehicles",
    "npx sluice datasets import labels.csv --files uploads/vehicles/may/ --model vehicles",
    "npx sluice datasets import data/vehicles/ --in-place --model vehicles",
  ],
).action(async (source: string, options: ImportOptions) => {
  const model = await findModel(options);
  if (!model)
    throw new Failure("MODEL_MISSING", "--model is missing.", {
      exit: EXIT.usage,
      hint: "Add --model MODEL, the model that the labels are for.",
    });
  const { api } = connectTarget(options);
  const { name } = model;
  const isLabelFile = !options.inPlace && Boolean((await stat(source).catch(() => undefined))?.isFile());
  if (!isLabelFile && (options.files !== undefined || options.allowMissing))
    throw new Failure("USAGE_WRONG", "--files and --allow-missing are only for a label file.", {
      exit: EXIT.usage,
      hint: "Remove the option, or pass a label file.",
    });
  if (options.inPlace || isLabelFile) {
    if (options.format !== undefined)
      throw new Failure(
        "USAGE_WRONG",
        "--format is only for folders; the format of a label file is detected.",
        {
          exit: EXIT.usage,
          hint: "Remove --format, or pass the folder that contains the label file.",
        },
      );
    const param = { model: name };
    const done = isLabelFile
      ? await importLabelFile(api, model, source, options)
      : await readBody(api.labels[":model"].folders.$post({ param, json: { prefix: source } })).then(
          ({ key }) => waitForImport(api, name, key),
        );
    checkAnyImported(done);
    return options.json ? printJson(done) : showImport(done);
  }
  const summary = await uploadCollection(api, await openCollection(source, options), model, options.format);
  checkAnyImported(summary.import);
  if (options.json) return printJson(summary);
  showUpload(summary);
  printNote(`\nPrepare a dataset: npx sluice datasets prepare ${name}`);
});

/** A bad line is only reported. If all lines are bad, the exit code shows it. */
function checkAnyImported({ added, changed, unchanged, older, problemCount }: Import) {
  if (problemCount > 0 && added + changed + unchanged + older === 0) process.exitCode = EXIT.failed;
}
