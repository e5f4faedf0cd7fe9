import type { Import } from "@sluice/core/label/import.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { Command } from "commander";
import { body, failureOf } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { note, plain, printJson, say, STATUS_STYLE, table } from "../output.ts";
import { upTo } from "../pages.ts";

export const labels = new Command("labels").description("What files and texts are labelled as");

interface ListOptions extends CommonOptions {
  class?: string;
  source?: string;
  limit: string;
}

const said = ({ label, boxes }: Pick<Label, "label" | "boxes">) => label ?? `${boxes?.length ?? 0} boxes`;

common(labels.command("list").argument("<model>").description("A model's labels"), [
  "sluice labels list cats --class Mu",
])
  .option("--class <class>", "only of this class")
  .option("--source <source>", "only from this label file or person")
  .option("--limit <n>", "how many", "50")
  .action(async (model: string, { class: name, source, limit, ...options }: ListOptions) => {
    const { api } = open(options);
    const { found, more } = await upTo<Label>(limit, 1_000, (at) =>
      body(api.labels[":model"].$get({ param: { model }, query: { class: name, source, ...at } })),
    );
    if (options.json) return printJson(found);
    if (found.length === 0) return say(`None. Bring some: npx sluice dataset import FOLDER --model ${model}`);
    say(
      table(found, [
        { title: "key", value: (row) => row.key },
        { title: "label", value: (row) => said(row) },
        { title: "by", value: (row) => row.annotator },
        { title: "source", value: (row) => row.source },
        { title: "at", value: (row) => row.labelledAt },
      ]),
    );
    if (more) note("There are more: raise --limit.");
  });

common(labels.command("counts").argument("<model>").description("How many of each class"), [
  "sluice labels counts cats",
]).action(async (model: string, options: CommonOptions) => {
  const found = await body(open(options).api.labels[":model"].counts.$get({ param: { model } }));
  if (options.json) return printJson(found);
  say(
    table(found.classes, [
      { title: "class", value: (row) => row.class },
      { title: "items", value: (row) => row.items },
      { title: "boxes", value: (row) => row.boxes },
    ]),
  );
  say(`${found.total} labels`);
});

common(
  labels
    .command("set")
    .argument("<model>")
    .argument("<key>", "the object's key in the uploads bucket; - for a text given with --text")
    .argument("[class]", "for a classifier")
    .description("Label one file or text"),
  [
    "sluice labels set cats data/cats/garden-17.jpg Mu",
    'sluice labels set compliance - violation --text "pay in cash, no receipt"',
    `sluice labels set blueprints data/blueprints/1.png --boxes '[{"class":"door","x":4,"y":8,"width":30,"height":12}]'`,
  ],
)
  .option("--boxes <json>", "for a detector: the boxes, in pixels from the top left")
  .option("--text <text>", "the text itself")
  .action(
    async (
      model: string,
      key: string,
      label: string | undefined,
      { boxes, text, ...options }: CommonOptions & { boxes?: string; text?: string },
    ) => {
      const json = { key: key === "-" ? undefined : key, label, boxes: boxesOf(boxes), text };
      const done = await body(open(options).api.labels[":model"].$put({ param: { model }, json }));
      if (options.json) printJson(done);
      else say(`${plain(done.key)}: ${said(done as Label)}`);
    },
  );

common(
  labels
    .command("remove")
    .argument("<model>")
    .argument("<key>")
    .description("Take one label away; the file stays"),
  ["sluice labels remove cats data/cats/garden-17.jpg"],
).action(async (model: string, key: string, options: CommonOptions) => {
  const answer = await open(options).api.labels[":model"].$delete({ param: { model }, query: { key } });
  if (!answer.ok) throw await failureOf(answer as unknown as Response);
  if (options.json) printJson({ removed: key });
  else say(`${plain(key)} has no label now.`);
});

common(
  labels
    .command("imports")
    .argument("<model>")
    .description("The label files that were imported, newest first"),
  ["sluice labels imports cats"],
).action(async (model: string, options: CommonOptions) => {
  const { items } = await body(
    open(options).api.labels[":model"].imports.$get({ param: { model }, query: { limit: "20" } }),
  );
  if (options.json) return printJson(items);
  say(
    table(items as Import[], [
      { title: "import", value: (row) => row.id },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "new", value: (row) => row.added },
      { title: "changed", value: (row) => row.changed },
      { title: "unchanged", value: (row) => row.unchanged },
      { title: "problems", value: (row) => row.problemCount },
      { title: "source", value: (row) => row.source },
      { title: "at", value: (row) => row.createdAt },
    ]),
  );
});

function boxesOf(text: string | undefined) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as NonNullable<Label["boxes"]>;
  } catch (cause) {
    throw new Failure("BOXES_INVALID", `--boxes is no JSON: ${(cause as Error).message}.`, {
      exit: EXIT.usage,
      hint: 'Write [{"class":"door","x":4,"y":8,"width":30,"height":12}].',
      cause,
    });
  }
}
