import { Command } from "commander";
import type { Labelled } from "@sluice/labels/format/labelled.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { body, type Client } from "../../client.ts";
import { common, type CommonOptions, open } from "../../common.ts";
import { note, plain, printJson, progressOf, say } from "../../output.ts";
import { outputFolder } from "./output-folder.ts";
import { modelOf } from "./source.ts";
import { demandFiles, type WriteOptions, writes } from "./writes.ts";

type ExportOptions = CommonOptions & WriteOptions & { model: string };

/** Labels asked for at once. */
const PAGE = "1000";

export const exportCommand = common(
  writes(
    new Command("export")
      .description("Write a model's labels, with their files, into a new folder")
      .argument("<folder>", "a new folder")
      .requiredOption("-m, --model <model>", "the declared model"),
    "jsonl",
  ),
  [
    "sluice dataset export cats-today --model cats --to csv",
    "sluice dataset export plans -m blueprints --to coco",
    "sluice dataset export tuning -m compliance --to chat",
  ],
).action(async (folder: string, options: ExportOptions) => {
  const { to, labelsOnly } = options;
  demandFiles(options);
  const model = (await modelOf(options))!;
  const { api, target } = open(options);
  Object.assign(process.env, target.environment);
  const prefix = `data/${model.name}/`;
  const form = await body(
    // Tells the bucket; sends nothing.
    api.datasets.files.$post({ json: { model: model.name, files: [{ path: "any" }] } }),
  );
  const { bucket } = await import("@sluice/core/label/bucket.ts");
  const { writeLabels } = await import("@sluice/labels/format/formats.ts");
  const { measure } = await import("@sluice/labels/image/size.ts");
  const files = bucket(form.bucket, "");
  const keyOf = (file: string) => (/^(data|uploads)\//.test(file) ? file : prefix + file);
  const output = await outputFolder(folder);
  const bar = progressOf("writing");
  const { total } = await body(api.labels[":model"].counts.$get({ param: { model: model.name } }));
  let [labels, copied] = [0, 0];
  const missing: string[] = [];
  try {
    const items = async function* () {
      labels = 0;
      for await (const label of labelsOf(api, model.name)) {
        bar.at(++labels, total);
        yield labelled(label, prefix);
      }
    };
    const context = {
      classes: model.classes,
      base: `${files.name}${prefix}`,
      size: (file: string) => measure(files, keyOf(file)),
      text: async (file: string) => {
        const bytes = await files.read(keyOf(file));
        return bytes && new TextDecoder().decode(bytes);
      },
    };
    for await (const one of writeLabels(to, items, context)) {
      if ("text" in one) await output.text(one.path, one.text);
      else if (!labelsOnly) {
        const bytes = await files.stream(keyOf(one.copyOf));
        if (!bytes) missing.push(one.copyOf);
        else {
          await output.copy(one.path, bytes);
          copied += 1;
        }
      }
    }
    await output.done();
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    bar.end();
  }
  if (options.json) return printJson({ folder, format: to, labels, files: copied, missing });
  say(`${plain(folder)}: ${labels} labels as ${to}, ${copied} files`);
  if (missing.length > 0) note(`${missing.length} files are missing, such as ${plain(missing[0]!)}.`);
});

async function* labelsOf(api: Client, model: string): AsyncGenerator<Label> {
  let cursor: string | undefined;
  do {
    const page = await body(api.labels[":model"].$get({ param: { model }, query: { limit: PAGE, cursor } }));
    yield* page.items as Label[];
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** As it was said in the first place: paths inside the model's data stand without what is before them. */
function labelled({ key, model: _, history: __, changedAt: ___, ...said }: Label, prefix: string): Labelled {
  const inline = said.text !== undefined && key.startsWith("text/");
  return { ...said, ...(!inline && { file: key.startsWith(prefix) ? key.slice(prefix.length) : key }) };
}
