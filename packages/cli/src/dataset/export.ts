import { Command } from "commander";
import type { Sample } from "@sluice/labels/format/sample.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { printNote, sanitize, printJson, createProgressBar, print } from "../terminal/output.ts";
import { createOutputFolder } from "./output-folder.ts";
import { findModel } from "./source.ts";
import { checkWriteOptions, type WriteOptions, withWriteOptions } from "./write-options.ts";

type ExportOptions = CommonOptions & WriteOptions & { model: string };

/** Labels per request. */
const PAGE_SIZE = "1000";

export const exportCommand = withCommonOptions(
  withWriteOptions(
    new Command("export")
      .description("Export the labels and files of a model to a new folder")
      .argument("<folder>", "a new folder")
      .requiredOption("-m, --model <model>", "declared model"),
    "jsonl",
  ),
  [
    "npx sluice dataset export cats-today --model cats --to csv",
    "npx sluice dataset export plans -m blueprints --to coco",
    "npx sluice dataset export tuning -m compliance --to chat",
  ],
).action(async (folder: string, options: ExportOptions) => {
  const { to, labelsOnly } = options;
  checkWriteOptions(options);
  const model = (await findModel(options))!;
  const { api, target } = connectTarget(options);
  Object.assign(process.env, target.environment);
  const prefix = `data/${model.name}/`;
  const form = await readBody(
    // Only to get the bucket name; nothing is uploaded.
    api.datasets.files.$post({ json: { model: model.name, files: [{ path: "any" }] } }),
  );
  const { openBucket } = await import("@sluice/core/label/bucket.ts");
  const { writeLabels } = await import("@sluice/labels/format/formats.ts");
  const { readImageSize } = await import("@sluice/labels/image/image-size.ts");
  const files = openBucket(form.bucket, "");
  const keyOf = (file: string) => (/^(data|uploads)\//.test(file) ? file : prefix + file);
  const output = await createOutputFolder(folder);
  const bar = createProgressBar("writing");
  const { total } = await readBody(api.labels[":model"].counts.$get({ param: { model: model.name } }));
  let [labels, copied] = [0, 0];
  const missing: string[] = [];
  try {
    const items = async function* () {
      labels = 0;
      for await (const label of readAllLabels(api, model.name)) {
        bar.update(++labels, total);
        yield toLabelled(label, prefix);
      }
    };
    const context = {
      classes: model.classes,
      base: `${files.name}${prefix}`,
      size: (file: string) => readImageSize(files, keyOf(file)),
      text: async (file: string) => {
        const bytes = await files.read(keyOf(file));
        return bytes && new TextDecoder().decode(bytes);
      },
    };
    for await (const one of writeLabels(to, items, context)) {
      if ("text" in one) await output.appendText(one.path, one.text);
      else if (!labelsOnly) {
        const bytes = await files.stream(keyOf(one.copyOf));
        if (!bytes) missing.push(one.copyOf);
        else {
          await output.copyFile(one.path, bytes);
          copied += 1;
        }
      }
    }
    await output.publish();
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    bar.clear();
  }
  if (options.json) return printJson({ folder, format: to, labels, files: copied, missing });
  print(`${sanitize(folder)}: ${labels} labels as ${to}, ${copied} files`);
  if (missing.length > 0)
    printNote(`${missing.length} files are missing, for example ${sanitize(missing[0]!)}.`);
});

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
