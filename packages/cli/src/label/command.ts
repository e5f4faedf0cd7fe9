import type { Import } from "@sluice/core/label/import.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { sanitize, printJson, print, STATUS_STYLE, printTable } from "../terminal/output.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { parseBoxes } from "./boxes.ts";

export const labels = new Command("labels").description("Manage the labels of files and texts");

interface LabelOptions extends ListOptions {
  class?: string;
  source?: string;
}

const formatLabel = ({ label, boxes }: Pick<Label, "label" | "boxes">) =>
  label ?? `${boxes?.length ?? 0} boxes`;

withListOptions(
  withCommonOptions(labels.command("list").argument("<model>").description("List the labels of a model"), [
    "npx sluice labels list cats --class Mu",
  ]),
  "labels",
  50,
)
  .option("--class <class>", "only labels of this class")
  .option("--source <source>", "only labels from this label file or person")
  .action(async (model: string, { class: name, source, ...options }: LabelOptions) => {
    const { api } = connectTarget(options);
    const found = await readPages<Label>(options, 1_000, (page) =>
      readBody(api.labels[":model"].$get({ param: { model }, query: { class: name, source, ...page } })),
    );
    printList(found, options.json, {
      empty: `${model} has no labels. Import some: npx sluice datasets import FOLDER --model ${model}`,
      columns: [
        { title: "key", value: (row) => row.key },
        { title: "label", value: (row) => formatLabel(row) },
        { title: "by", value: (row) => row.annotator },
        { title: "source", value: (row) => row.source },
        { title: "at", value: (row) => row.labelledAt },
      ],
    });
  });

withCommonOptions(
  labels.command("counts").argument("<model>").description("Count the labels of each class"),
  ["npx sluice labels counts cats"],
).action(async (model: string, options: CommonOptions) => {
  const found = await readBody(connectTarget(options).api.labels[":model"].counts.$get({ param: { model } }));
  if (options.json) return printJson(found);
  printTable(found.classes, [
    { title: "class", value: (row) => row.class },
    { title: "items", value: (row) => row.items },
    { title: "boxes", value: (row) => row.boxes },
  ]);
  print(`${found.total} labels`);
});

withCommonOptions(
  labels
    .command("set")
    .argument("<model>")
    .argument("<key>", "object key in the uploads bucket, or - with --text")
    .argument("[class]", "class, for a classifier")
    .description("Label one file or text"),
  [
    "npx sluice labels set cats data/cats/garden-17.jpg Mu",
    'npx sluice labels set compliance - violation --text "pay in cash, no receipt"',
    `npx sluice labels set blueprints data/blueprints/1.png --boxes '[{"class":"door","x":4,"y":8,"width":30,"height":12}]'`,
  ],
)
  .option("--boxes <json>", "boxes, for a detector, in pixels from the top left")
  .option("--text <text>", "text to label")
  .action(
    async (
      model: string,
      key: string,
      label: string | undefined,
      { boxes, text, ...options }: CommonOptions & { boxes?: string; text?: string },
    ) => {
      const json = {
        key: key === "-" ? undefined : key,
        label,
        boxes: boxes === undefined ? undefined : parseBoxes(boxes, "--boxes"),
        text,
      };
      const done = await readBody(
        connectTarget(options).api.labels[":model"].$put({ param: { model }, json }),
      );
      if (options.json) printJson(done);
      else print(`${sanitize(done.key)}: ${formatLabel(done as Label)}`);
    },
  );

withCommonOptions(
  labels
    .command("remove")
    .argument("<model>")
    .argument("<key>")
    .description("Remove the label of one object; the file is kept"),
  ["npx sluice labels remove cats data/cats/garden-17.jpg"],
).action(async (model: string, key: string, options: CommonOptions) => {
  await readBody(connectTarget(options).api.labels[":model"].$delete({ param: { model }, query: { key } }));
  if (options.json) printJson({ removed: key });
  else print(`Removed the label of ${sanitize(key)}.`);
});

withListOptions(
  withCommonOptions(
    labels.command("imports").argument("<model>").description("List the label imports, newest first"),
    ["npx sluice labels imports cats"],
  ),
  "imports",
).action(async (model: string, options: ListOptions) => {
  const { api } = connectTarget(options);
  const found = await readPages<Import>(options, 100, (query) =>
    readBody(api.labels[":model"].imports.$get({ param: { model }, query })),
  );
  printList(found, options.json, {
    empty: `${model} has no label imports. Import labels: npx sluice datasets import FOLDER --model ${model}`,
    columns: [
      { title: "import", value: (row) => row.id },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "added", value: (row) => row.added },
      { title: "changed", value: (row) => row.changed },
      { title: "unchanged", value: (row) => row.unchanged },
      { title: "problems", value: (row) => row.problemCount },
      { title: "source", value: (row) => row.source },
      { title: "at", value: (row) => row.createdAt },
    ],
  });
});
