import { Command, Option } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { predictionLine, predictionTable } from "../prediction.ts";
import { note, plain, printJson, say } from "../output.ts";
import { watchLive } from "../live.ts";

export const predictions = new Command("predictions").description("What became of the uploads");

interface ListOptions extends CommonOptions {
  status?: "pending" | "processing" | "completed" | "rejected" | "failed";
  class?: string;
  minConfidence?: string;
  maxConfidence?: string;
  from?: string;
  to?: string;
  limit: string;
  cursor?: string;
}

common(
  predictions
    .command("list <model>")
    .description("A model's predictions, newest first")
    .addOption(
      new Option("--status <status>", "only these").choices([
        "pending",
        "processing",
        "completed",
        "rejected",
        "failed",
      ]),
    )
    .option("--class <name>", "only with this strongest class")
    .option("--min-confidence <n>", "at least, 0 to 1")
    .option("--max-confidence <n>", "at most, 0 to 1")
    .option("--from <instant>", "uploaded at or after, ISO 8601")
    .option("--to <instant>", "uploaded before, ISO 8601")
    .option("--limit <n>", "how many, 1 to 200", "20")
    .option("--cursor <cursor>", "go on where the last list stopped"),
  [
    "sluice predictions list vehicles",
    "sluice predictions list cats --status rejected --max-confidence 0.5",
    "sluice predictions list vehicles --json | jq '.items[].summary.class'",
  ],
).action(
  async (
    model: string,
    { status, class: name, minConfidence, maxConfidence, from, to, limit, cursor, ...options }: ListOptions,
  ) => {
    const { api } = open(options);
    const query = { model, status, class: name, minConfidence, maxConfidence, from, to, limit, cursor };
    const page = await body(api.predictions.$get({ query }));
    if (options.json) return printJson(page);
    if (page.items.length === 0 && !page.cursor)
      return say(
        `No predictions of ${model}${status ? ` that are ${status}` : ""} yet. Upload one: sluice upload FILE --model ${model}`,
      );
    say(predictionTable(page.items));
    if (page.cursor) note(`\nMore: add --cursor ${page.cursor}`);
  },
);

common(
  predictions
    .command("show <id>")
    .description("One prediction with its whole result")
    .option("--result", "print only the result document, as JSON"),
  ["sluice predictions show prd_0123", "sluice predictions show prd_0123 --result > result.json"],
).action(async (id: string, { result: onlyResult, ...options }: CommonOptions & { result?: boolean }) => {
  const { api } = open(options);
  const prediction = await body(api.predictions[":id"].$get({ param: { id } }));
  const result = prediction.resultKey
    ? await body(api.predictions[":id"].result.$get({ param: { id } }))
    : undefined;
  if (onlyResult && result) return printJson(result);
  if (options.json) return printJson({ ...prediction, result });
  say(predictionLine(prediction));
  say(`object    s3://${prediction.source.bucket}/${plain(prediction.source.key)}`);
  say(
    `uploaded  ${prediction.uploadedAt ?? prediction.createdAt}   finished  ${prediction.finishedAt ?? "-"}   attempts ${prediction.attempts}`,
  );
  if (prediction.modelVersion) say(`model     ${prediction.modelVersion} at ${prediction.endpoint ?? "-"}`);
  if (prediction.timings)
    say(
      `timings   ${Object.entries(prediction.timings)
        .filter(([, ms]) => typeof ms === "number")
        .map(([step, ms]) => `${step.replace(/Ms$/, "")} ${String(ms)} ms`)
        .join(", ")}`,
    );
  if (prediction.error)
    say(
      `error     ${prediction.error.code}: ${plain(prediction.error.message)}\n          ${plain(prediction.error.hint)}`,
    );
  if (result?.task === "object-detection")
    for (const { class: name, confidence, box } of result.detections)
      say(`  ${name} ${confidence.toFixed(3)}  x ${box.x} y ${box.y} ${box.width} x ${box.height}`);
  if (result?.task === "image-classification")
    for (const { class: name, probability } of result.probabilities)
      say(`  ${name} ${probability.toFixed(4)}`);
  if (result?.task === "text-classification")
    for (const { class: name, probability } of result.scores) say(`  ${name} ${probability.toFixed(4)}`);
});

common(
  predictions
    .command("watch [model]")
    .description("Predictions as they change, until Ctrl-C")
    .option("--since <instant>", "begin earlier than now, ISO 8601"),
  ["sluice predictions watch", "sluice predictions watch vehicles --json"],
).action(async (model: string | undefined, { since, ...options }: CommonOptions & { since?: string }) => {
  const { target } = open(options);
  const over = new AbortController();
  process.once("SIGINT", () => over.abort());
  if (!options.json) note(`Watching ${model ?? "all models"} at ${target.api}; Ctrl-C ends.`);
  for await (const prediction of watchLive(target, { model, since, signal: over.signal })) {
    say(options.json ? JSON.stringify(prediction) : predictionLine(prediction));
  }
});
