import { readFile } from "node:fs/promises";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Verdict } from "@sluice/core/review/verdict.ts";
import { endOf, saidOf } from "@sluice/core/review/words.ts";
import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { cannotRead, EXIT, Failure } from "../failure.ts";
import { note, plain, printJson, say, table } from "../output.ts";
import { upTo } from "../pages.ts";
import { finding, predictionLine } from "../prediction.ts";

export const review = new Command("review").description(
  "Predictions that wait for a person: what the gate held back, and what somebody asks about",
);

/** The same predictions carry it everywhere; here they all have one. */
const reviewOf = ({ review }: Prediction) => review!;
const asked = (prediction: Prediction) => {
  const { requestedBy, note: said } = reviewOf(prediction);
  return requestedBy ? [requestedBy, said].filter(Boolean).join(": ") : "the gate";
};

common(review.command("list").description("What is open, the newest of each model first"), [
  "sluice review list",
  "sluice review list --model vehicles",
  "sluice review list --json | jq -r '.[].id'",
])
  .option("--model <model>", "only of this model")
  .option("--limit <n>", "how many", "50")
  .action(async ({ model, limit, ...options }: CommonOptions & { model?: string; limit: string }) => {
    const { api } = open(options);
    const { found, more } = await upTo<Prediction>(limit, 200, (at) =>
      body(api.reviews.$get({ query: { model, ...at } })),
    );
    if (options.json) return printJson(found);
    if (found.length === 0)
      return say(
        `Nothing${model ? ` of ${model}` : ""} waits for review. Send something there: npx sluice review request ID`,
      );
    say(
      table(found, [
        { title: "id", value: (row) => row.id },
        { title: "model", value: (row) => row.model },
        { title: "finding", value: finding },
        { title: "needs", value: (row) => percent(row.summary?.threshold) },
        { title: "asked by", value: asked },
        { title: "since", value: (row) => reviewOf(row).openedAt },
        { title: "object", value: (row) => row.source.key },
      ]),
    );
    if (more) note("There are more: raise --limit.");
  });

common(
  review.command("show").argument("<id>", "of the prediction").description("One of them, and what was said"),
  ["sluice review show prd_0123"],
).action(async (id: string, options: CommonOptions) => {
  const { api } = open(options);
  const prediction: Prediction = await body(api.predictions[":id"].$get({ param: { id } }));
  if (options.json) return printJson(prediction);
  say(predictionLine(prediction));
  say(`object    ${plain(prediction.source.key)}`);
  const { review: found, summary } = prediction;
  if (summary?.threshold !== undefined) say(`needs     ${percent(summary.threshold)}`);
  if (!found) {
    say("review    none");
    return note(`Send it there: npx sluice review request ${id}`);
  }
  say(`review    ${found.status}, asked for by ${plain(asked(prediction))} at ${found.openedAt}`);
  if (found.endedAt) return say(`verdict   ${plain(endOf(prediction))}`);
  const { classes } = await body(api.models[":model"].$get({ param: { model: prediction.model } }));
  note(`Settle it with --agree, or as one of ${classes.join(", ")}: npx sluice review settle ${id}`);
});

common(
  review
    .command("request")
    .argument("<id>", "of a completed or rejected prediction")
    .description("Send a prediction to review; what the gate rejected is there already"),
  ["sluice review request prd_0123 --note 'that is a bus'"],
)
  .option("--note <text>", "what looks wrong")
  .action(async (id: string, { note: said, ...options }: CommonOptions & { note?: string }) => {
    const json = { note: said };
    const done = await body(open(options).api.reviews[":id"].$post({ param: { id }, json }));
    if (options.json) return printJson(done);
    say(done.changed ? `${id} waits for review.` : `${id} waited for review already. Nothing changed.`);
  });

interface SettleOptions extends CommonOptions {
  label?: string;
  boxes?: string;
  agree?: true;
}

common(
  review
    .command("settle")
    .argument("<id>", "of the prediction")
    .description("Say what is right; it becomes a label for the next training"),
  [
    "sluice review settle prd_0123 --agree",
    "sluice review settle prd_0123 --label truck",
    "sluice review settle prd_0123 --boxes boxes.json",
  ],
)
  .option("--label <class>", "the right class")
  .option("--boxes <file>", "for a detector: a JSON file of the right boxes, in pixels from the top left")
  .option("--agree", "the prediction is right as it is")
  .action(async (id: string, { label, boxes: file, agree, ...options }: SettleOptions) => {
    if ([label, file, agree].filter((one) => one !== undefined).length !== 1)
      throw new Failure("VERDICT_MISSING", "Say one of --label, --boxes and --agree.", {
        exit: EXIT.usage,
        hint: `Is there nothing to learn from it: npx sluice review dismiss ${id}`,
      });
    const boxes = file === undefined ? undefined : await boxesOf(file);
    await end(id, { label, boxes, agree }, options);
  });

common(
  review
    .command("dismiss")
    .argument("<id>", "of the prediction")
    .description("Take it out of the queue without a label"),
  ["sluice review dismiss prd_0123"],
).action((id: string, options: CommonOptions) => end(id, { dismiss: true }, options));

type Boxes = NonNullable<Verdict["boxes"]>;

async function end(id: string, json: Verdict, options: CommonOptions): Promise<void> {
  const { api } = open(options);
  const done = await body(api.reviews[":id"].verdict.$put({ param: { id }, json }));
  if (options.json) return printJson(done);
  const { changed, prediction } = done;
  const { key } = reviewOf(prediction);
  if (!changed) return say(`${id}: ${plain(endOf(prediction))}. Nothing changed.`);
  say(`${id}: ${plain(saidOf(prediction))}${key === undefined ? "" : `. Label of ${plain(key)}`}`);
}

const percent = (share: number | undefined) =>
  share === undefined ? undefined : `${Number((share * 100).toFixed(1))} %`;

async function boxesOf(file: string): Promise<Boxes> {
  const text = await readFile(file, "utf8").catch(cannotRead(file));
  try {
    const boxes: unknown = JSON.parse(text);
    if (Array.isArray(boxes)) return boxes as Boxes;
    throw new Error("it is no list");
  } catch (cause) {
    throw new Failure("BOXES_INVALID", `${file} holds no boxes: ${(cause as Error).message}.`, {
      exit: EXIT.usage,
      hint: 'Write [{"class":"door","x":4,"y":8,"width":30,"height":12}].',
      cause,
    });
  }
}
