import { stat } from "node:fs/promises";
import type { Import } from "@sluice/core/label/import.ts";
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
    if (options.format !== undefined)
      throw new Failure("FORMAT_NOT_ASKED", "--format is for folders: a label file's own is recognised.", {
        exit: EXIT.usage,
        hint: "Leave out --format, or name the folder that the label file lies in.",
      });
    const param = { model: name };
    const done = options.inPlace
      ? await body(api.labels[":model"].folders.$post({ param, json: { prefix: from } })).then(({ key }) =>
          imported(api, name, key),
        )
      : await bringLabels(api, name, from);
    fruitless(done);
    return options.json ? printJson(done) : showImport(done);
  }
  const brought = await bringCollection(api, await collectionAt(from, options), {
    model: name,
    classes,
    format: options.format,
  });
  fruitless(brought.import);
  if (options.json) return printJson(brought);
  showBrought(brought);
  note(`\nPrepare a dataset of them: npx sluice dataset prepare ${name}`);
});

/** A bad line costs only itself; where nothing but bad lines came, scripts must learn of it. */
function fruitless({ added, changed, unchanged, older, problemCount }: Import) {
  if (problemCount > 0 && added + changed + unchanged + older === 0) process.exitCode = EXIT.failed;
}
