import { readFile } from "node:fs/promises";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { ReviewItem } from "@sluice/core/review/list.ts";
import type { Verdict } from "@sluice/core/review/verdict.ts";
import { describeEnd, describeReason, describeVerdict } from "@sluice/core/review/describe.ts";
import { Command } from "commander";
import { parseBoxes } from "../label/boxes.ts";
import { formatSummary, predictionLine } from "../prediction/format.ts";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { EXIT, Failure, failUnreadable } from "../terminal/failure.ts";
import { print, printJson, printNote, sanitize, printTable } from "../terminal/output.ts";

export const reviews = new Command("reviews").description(
  "Review predictions that are below threshold or for which a review was requested",
);

interface ReviewOptions extends ListOptions {
  model?: string;
  order: "time" | "information";
}

/** Every prediction in a review list has a review. */
const reviewOf = ({ review }: Prediction) => review!;
const formatReason = (prediction: Prediction) => {
  const review = reviewOf(prediction);
  return [describeReason(review), review.note].filter(Boolean).join(": ");
};

withListOptions(
  withCommonOptions(
    reviews.command("list").description("List the open reviews, the newest of each model first"),
    [
      "npx sluice reviews list",
      "npx sluice reviews list --model vehicles",
      "npx sluice reviews list --model vehicles --order information",
      "npx sluice reviews list --json | jq -r '.items[].id'",
    ],
  ),
  "reviews",
  50,
)
  .option("--model <model>", "only reviews of this model")
  .option("--order <order>", "time, or information: what teaches the model most comes first", "time")
  .action(async ({ model, order, ...options }: ReviewOptions) => {
    const { api } = connectTarget(options);
    const found = await readPages<ReviewItem>(options, 200, (page) =>
      readBody(api.reviews.$get({ query: { model, order, ...page } })),
    );
    printList(found, options.json, {
      empty: `No open reviews${model ? ` of ${model}` : ""}. Request one: npx sluice reviews request PREDICTION_ID`,
      columns: [
        { title: "id", value: (row) => row.id },
        { title: "model", value: (row) => row.model },
        { title: "result", value: formatSummary },
        { title: "threshold", value: (row) => formatPercent(row.summary?.threshold) },
        { title: "reason", value: formatReason },
        ...(order === "information"
          ? [{ title: "similar", value: (row: ReviewItem) => row.similar?.length ?? 0 }]
          : []),
        { title: "since", value: (row) => reviewOf(row).openedAt },
        { title: "object", value: (row) => row.source.key },
      ],
    });
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
    .argument("<ids...>", "ids of the predictions, such as near-duplicates")
    .description("Set the correct result; it becomes a label for the next training"),
  [
    "npx sluice reviews resolve prd_0123 --agree",
    "npx sluice reviews resolve prd_0123 --label truck",
    "npx sluice reviews resolve prd_0123 prd_4567 --label truck",
    "npx sluice reviews resolve prd_0123 --boxes boxes.json",
  ],
)
  .option("--label <class>", "correct class, for a classifier")
  .option("--boxes <file>", "JSON file with the correct boxes, for a detector, in pixels from the top left")
  .option("--agree", "the prediction is correct")
  .action(async (ids: string[], { label, boxes: file, agree, ...options }: ResolveOptions) => {
    if ([label, file, agree].filter((option) => option !== undefined).length !== 1)
      throw new Failure("VERDICT_MISSING", "Use exactly one of --label, --boxes and --agree.", {
        exit: EXIT.usage,
        hint: `To close the review without a label: npx sluice reviews dismiss ${ids[0]}`,
      });
    const boxes =
      file === undefined
        ? undefined
        : parseBoxes(await readFile(file, "utf8").catch(failUnreadable(file)), file);
    const verdict = { label, boxes, agree };
    if (ids.length === 1) return resolveReview(ids[0]!, verdict, options);
    const { items } = await readBody(
      connectTarget(options).api.reviews.verdicts.$put({ json: { ids, verdict } }),
    );
    if (items.some(({ problem }) => problem)) process.exitCode = EXIT.failed;
    if (options.json) return printJson(items);
    for (const { id, problem, changed } of items)
      print(
        `${id}: ${problem ? `${problem.code}: ${sanitize(problem.message)}` : changed ? "resolved" : "nothing was changed"}`,
      );
  });

withCommonOptions(
  reviews
    .command("dismiss")
    .argument("<id>", "id of the prediction")
    .description("Close a review without a label"),
  ["npx sluice reviews dismiss prd_0123"],
).action((id: string, options: CommonOptions) => resolveReview(id, { dismiss: true }, options));

withCommonOptions(
  reviews
    .command("accept-certain")
    .argument("<model>", "model name")
    .description("Propose the newest certain predictions as labels; with --yes, accept them"),
  ["npx sluice reviews accept-certain vehicles", "npx sluice reviews accept-certain vehicles --yes"],
)
  .option("--yes", "write the labels")
  .option("--limit <n>", "number of predictions to check, newest first", "100")
  .action(
    async (model: string, { yes, limit, ...options }: CommonOptions & { yes?: true; limit: string }) => {
      const { api } = connectTarget(options);
      const json = { dryRun: !yes, limit: Number(limit) };
      const found = await readBody(api.models[":model"].certain.$post({ param: { model }, json }));
      if (options.json) return printJson(found);
      for (const version of found.uncalibrated)
        printNote(
          `Version ${version || "unknown"} has no calibration. Evaluate it: npx sluice evaluate ${model}`,
        );
      const what = yes ? "accepted" : "certain";
      print(`${found.items.length} of ${found.checked} predictions are ${what}.`);
      if (found.items.length === 0) return;
      printTable<(typeof found.items)[number]>(found.items, [
        { title: "id", value: (row) => row.id },
        { title: "class", value: (row) => row.class },
        { title: "confidence", value: (row) => formatPercent(row.confidence) },
        { title: "object", value: (row) => row.key },
      ]);
      if (!yes) printNote(`Accept them: npx sluice reviews accept-certain ${model} --yes`);
    },
  );

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
