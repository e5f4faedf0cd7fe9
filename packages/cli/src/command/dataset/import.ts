import { stat } from "node:fs/promises";
import { Command } from "commander";
import { body } from "../../client.ts";
import { open } from "../../common.ts";
import { bringCollection, bringLabels, imported } from "../../dataset/bring.ts";
import { showBrought, showImport } from "../../dataset/show.ts";
import { EXIT, Failure } from "../../failure.ts";
import { note, printJson } from "../../output.ts";
import { collectionAt, modelOf, reads, type SourceOptions } from "./source.ts";

interface ImportOptions extends SourceOptions {
  inPlace?: boolean;
}

export const importCommand = reads(
  new Command("import")
    .description("Bring files and their labels into a model's data; what is there already is not sent again")
    .argument("<from>", "a folder, s3://bucket/prefix/, or a label file")
    .option(
      "--in-place",
      "<from> is a prefix of the uploads bucket: label its objects by their class folders",
    ),
  [
    "sluice dataset import photos --model cats",
    "sluice dataset import labels.csv --model vehicles",
    "sluice dataset import data/vehicles/ --in-place --model vehicles",
  ],
).action(async (from: string, options: ImportOptions) => {
  const model = await modelOf(options);
  if (!model)
    throw new Failure("MODEL_MISSING", "Which model are the labels for?", {
      exit: EXIT.usage,
      hint: "Name it with --model.",
    });
  const { api } = open(options);
  const { name, classes } = model;
  if (options.inPlace || (await stat(from).catch(() => undefined))?.isFile()) {
    const param = { model: name };
    const done = options.inPlace
      ? await body(api.labels[":model"].folders.$post({ param, json: { prefix: from } })).then(({ key }) =>
          imported(api, name, key),
        )
      : await bringLabels(api, name, from);
    return options.json ? printJson(done) : showImport(done);
  }
  const brought = await bringCollection(api, await collectionAt(from, options), {
    model: name,
    classes,
    format: options.format,
  });
  if (options.json) return printJson(brought);
  showBrought(brought);
  note(`\nPrepare a dataset of them: npx sluice dataset prepare ${name}`);
});
