import { readFile } from "node:fs/promises";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Verdict } from "@sluice/core/review/verdict.ts";
import { describeEnd, describeVerdict } from "@sluice/core/review/describe.ts";
import { Command } from "commander";
import { parseBoxes } from "../label/boxes.ts";
import { formatSummary, predictionLine } from "../prediction/format.ts";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { readPages } from "../target/pages.ts";
import { EXIT, Failure, failUnreadable } from "../terminal/failure.ts";
import { print, printJson, printNote, sanitize, printTable } from "../terminal/output.ts";

export const reviews = new Command("reviews").description(
  "Review predictions that are below threshold or for which a review was requested",
);

/** Every prediction in a review list has a review. */
const reviewOf = ({ review }: Prediction) => review!;
const formatReason = (prediction: Prediction) => {
  const { requestedBy, note } = reviewOf(prediction);
  return requestedBy ? [requestedBy, note].filter(Boolean).join(": ") : "below threshold";
};

withCommonOptions(
  reviews.command("list").description("List the open reviews, the newest of each model first"),
  [
    "npx sluice reviews list",
    "npx sluice reviews list --model vehicles",
    "npx sluice reviews list --json | jq -r '.[].id'",
  ],
)
  .option("--model <model>", "only reviews of this model")
  .option("--limit <n>", "number of reviews", "50")
  .action(async ({ model, limit, ...options }: CommonOptions & { model?: string; limit: string }) => {
    const { api } = connectTarget(options);
    const { items, more } = await readPages<Prediction>(limit, 200, (page) =>
      readBody(api.reviews.$get({ query: { model, ...page } })),
    );
    if (options.json) return printJson(items);
    if (items.length === 0)
      return print(
        `No open reviews${model ? ` of ${model}` : ""}. Request one: npx sluice reviews request PREDICTION_ID`,
      );
    printTable(items, [
      { title: "id", value: (row) => row.id },
      { title: "model", value: (row) => row.model },
      { title: "result", value: formatSummary },
      { title: "threshold", value: (row) => formatPercent(row.summary?.threshold) },
      { title: "reason", value: formatReason },
      { title: "since", value: (row) => reviewOf(row).openedAt },
      { title: "object", value: (row) => row.source.key },
    ]);
    if (more) printNote("There are more. Increase --limit to see them.");
  });

withCommonOptions(
  reviews
    .command("show")
    .argument("<id>", "id of the prediction")
    .description("Show the review of one prediction"),
  ["npx sluice reviews show prd_0123"],
).action(async (id: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const prediction: Prediction = await readBody(api.predictions[":id"].$get({ param: { id } }));
  if (options.json) return printJson(prediction);
  print(predictionLine(prediction));
  print(`object     ${sanitize(prediction.source.key)}`);
  const { review: found, summary } = prediction;
  if (summary?.threshold !== undefined) print(`threshold  ${formatPercent(summary.threshold)}`);
  if (!found) {
    print("review     none");
    return printNote(`Request one: npx sluice reviews request ${id}`);
  }
  print(`review     ${found.status} since ${found.openedAt}: ${sanitize(formatReason(prediction))}`);
  if (found.endedAt) return print(`result     ${sanitize(describeEnd(prediction))}`);
  const { classes } = await readBody(api.models[":model"].$get({ param: { model: prediction.model } }));
  printNote(
    `Resolve it: npx sluice reviews resolve ${id} --agree, or --label with one of ${classes.join(", ")}`,
  );
});

withCommonOptions(
  reviews
    .command("request")
    .argument("<id>", "id of a completed or rejected prediction")
    .description("Request a review of a prediction; rejected predictions have one already"),
  ["npx sluice reviews request prd_0123 --note 'that is a bus'"],
)
  .option("--note <text>", "why the result may be wrong")
  .action(async (id: string, { note, ...options }: CommonOptions & { note?: string }) => {
    const done = await readBody(
      connectTarget(options).api.reviews[":id"].$post({ param: { id }, json: { note } }),
    );
    if (options.json) return printJson(done);
    print(
      done.changed ? `${id} waits for review.` : `${id} is already waiting for review. Nothing was changed.`,
    );
  });

interface ResolveOptions extends CommonOptions {
  label?: string;
  boxes?: string;
  agree?: true;
}

withCommonOptions(
  reviews
    .command("resolve")
    .argument("<id>", "id of the prediction")
    .description("Set the correct result; it becomes a label for the next training"),
  [
    "npx sluice reviews resolve prd_0123 --agree",
    "npx sluice reviews resolve prd_0123 --label truck",
    "npx sluice reviews resolve prd_0123 --boxes boxes.json",
  ],
)
  .option("--label <class>", "correct class, for a classifier")
  .option("--boxes <file>", "JSON file with the correct boxes, for a detector, in pixels from the top left")
  .option("--agree", "the prediction is correct")
  .action(async (id: string, { label, boxes: file, agree, ...options }: ResolveOptions) => {
    if ([label, file, agree].filter((option) => option !== undefined).length !== 1)
      throw new Failure("VERDICT_MISSING", "Use exactly one of --label, --boxes and --agree.", {
        exit: EXIT.usage,
        hint: `To close the review without a label: npx sluice reviews dismiss ${id}`,
      });
    const boxes =
      file === undefined
        ? undefined
        : parseBoxes(await readFile(file, "utf8").catch(failUnreadable(file)), file);
    await resolveReview(id, { label, boxes, agree }, options);
  });

withCommonOptions(
  reviews
    .command("dismiss")
    .argument("<id>", "id of the prediction")
    .description("Close a review without a label"),
  ["npx sluice reviews dismiss prd_0123"],
).action((id: string, options: CommonOptions) => resolveReview(id, { dismiss: true }, options));

async function resolveReview(id: string, json: Verdict, options: CommonOptions): Promise<void> {
  const { api } = connectTarget(options);
  const done = await readBody(api.reviews[":id"].verdict.$put({ param: { id }, json }));
  if (options.json) return printJson(done);
  const { changed, prediction } = done;
  const { key } = reviewOf(prediction);
  if (!changed) return print(`${id}: ${sanitize(describeEnd(prediction))}. Nothing was changed.`);
  print(
    `${id}: ${sanitize(describeVerdict(prediction))}${key === undefined ? "" : `. Set the label of ${sanitize(key)}`}`,
  );
}

const formatPercent = (share: number | undefined) =>
  share === undefined ? undefined : `${Number((share * 100).toFixed(1))} %`;
