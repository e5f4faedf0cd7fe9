import { Command } from "commander";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { Sample } from "@sluice/labels/format/sample.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { sanitize, printJson, createProgressBar, print } from "../terminal/output.ts";
import { findModel } from "./source.ts";
import { parseSplit, splitByName } from "./split.ts";
import { showMissing, writeDataset } from "./write.ts";
import { checkWriteOptions, type WriteOptions, withWriteOptions } from "./write-options.ts";

type ExportOptions = CommonOptions & WriteOptions & { model: string; split?: string };

/** Labels per request. */
const PAGE_SIZE = "1000";

export const exportCommand = withCommonOptions(
  withWriteOptions(
    new Command("export")
      .description("Export the labels and files of a model to a new folder")
      .argument("<folder>", "a new folder")
      .requiredOption("-m, --model <model>", "declared model")
      .option(
        "--split <shares>",
        "shares of train:validation:test for labels without a split (default with yolo: as declared)",
      ),
    "jsonl",
  ),
  [
    "npx sluice datasets export cats-today --model cats --to csv",
    "npx sluice datasets export plans -m blueprints --to coco",
    "npx sluice datasets export tuning -m compliance --to chat",
  ],
).action(async (folder: string, options: ExportOptions) => {
  checkWriteOptions(options);
  const { name, classes, dataset } = (await findModel(options))!;
  // YOLO trains on the folders that data.yaml names, so that one folder would be all of them.
  const declared = options.to === "yolo" ? dataset.split : undefined;
  const shares = options.split === undefined ? declared : parseSplit(options.split);
  const { api, target } = connectTarget(options);
  Object.assign(process.env, target.environment);
  const form = await readBody(
    // Only to get the bucket name; nothing is uploaded.
    api.datasets.files.$post({ json: { model: name, files: [{ path: "any" }] } }),
  );
  const { total } = await readBody(api.labels[":model"].counts.$get({ param: { model: name } }));
  const prefix = `data/${name}/`;
  const bar = createProgressBar("writing");
  let labels = 0;
  const items = async function* () {
    labels = 0;
    for await (const label of readAllLabels(api, name)) {
      bar.update(++labels, total);
      const sample = toLabelled(label, prefix);
      yield shares ? { ...sample, split: sample.split ?? splitByName(label.key, shares) } : sample;
    }
  };
  try {
    const collection = await openFiles(form.bucket, prefix);
    const { files, missing } = await writeDataset(folder, options, { items, classes, collection });
    bar.clear();
    if (options.json) return printJson({ folder, format: options.to, labels, files, missing });
    print(`${sanitize(folder)}: ${labels} labels as ${options.to}, ${files} files`);
    showMissing(missing);
  } finally {
    bar.clear();
  }
});

/** The files of a model. Paths outside its prefix are whole keys. */
async function openFiles(bucket: string, prefix: string): Promise<Collection> {
  const { openBucket } = await import("@sluice/core/label/bucket.ts");
  const [uploads, own] = [openBucket(bucket, ""), openBucket(bucket, prefix)];
  const collectionOf = (file: string) => (/^(data|uploads)\//.test(file) ? uploads : own);
  return {
    ...own,
    read: (file, limit) => collectionOf(file).read(file, limit),
    stream: (file) => collectionOf(file).stream(file),
  };
}

async function* readAllLabels(api: Client, model: string): AsyncGenerator<Label> {
  let cursor: string | undefined;
  do {
    const page = await readBody(
      api.labels[":model"].$get({ param: { model }, query: { limit: PAGE_SIZE, cursor } }),
    );
    yield* page.items as Label[];
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** The label as it was imported: paths below the data prefix of the model are relative. */
function toLabelled(
  { key, model: _, history: __, changedAt: ___, ...fields }: Label,
  prefix: string,
): Sample {
  const inline = fields.text !== undefined && key.startsWith("text/");
  return { ...fields, ...(!inline && { file: key.startsWith(prefix) ? key.slice(prefix.length) : key }) };
}
