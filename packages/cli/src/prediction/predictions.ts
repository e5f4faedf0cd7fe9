import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Command, Option } from "commander";
import { type Client, readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { untilInterrupted } from "../terminal/interrupt.ts";
import { predictionLine, predictionColumns } from "./format.ts";
import { printNote, sanitize, printJson, print } from "../terminal/output.ts";
import { watchPredictions } from "./live.ts";

export const predictions = new Command("predictions").description("List, show and watch predictions");

interface PredictionOptions extends ListOptions {
  status?: "pending" | "processing" | "completed" | "rejected" | "failed";
  class?: string;
  minConfidence?: string;
  maxConfidence?: string;
  from?: string;
  to?: string;
}

withListOptions(
  withCommonOptions(
    predictions
      .command("list <model>")
      .description("List the predictions of a model, newest first")
      .addOption(
        new Option("--status <status>", "only predictions with this status").choices([
          "pending",
          "processing",
          "completed",
          "rejected",
          "failed",
        ]),
      )
      .option("--class <name>", "only predictions of this class")
      .option("--min-confidence <n>", "minimum confidence, 0 to 1")
      .option("--max-confidence <n>", "maximum confidence, 0 to 1")
      .option("--from <timestamp>", "start of the upload time, inclusive (ISO 8601)")
      .option("--to <timestamp>", "end of the upload time, exclusive (ISO 8601)"),
    [
      "npx sluice predictions list vehicles",
      "npx sluice predictions list cats --status rejected --max-confidence 0.5",
      "npx sluice predictions list vehicles --json | jq '.items[].summary.class'",
    ],
  ),
  "predictions",
).action(
  async (
    model: string,
    { status, class: name, minConfidence, maxConfidence, from, to, ...options }: PredictionOptions,
  ) => {
    const { api } = connectTarget(options);
    const query = { model, status, class: name, minConfidence, maxConfidence, from, to };
    const found = await readPages<Prediction>(options, 200, (page) =>
      readBody(api.predictions.$get({ query: { ...query, ...page } })),
    );
    const waiting = found.items.length === 0 && !options.json ? await describeWaiting(api, model) : "";
    printList(found, options.json, {
      empty:
        waiting ||
        `No ${status ? `${status} ` : ""}predictions of ${model}. A new upload appears within seconds. Upload a file: npx sluice upload FILE --model ${model}`,
      columns: predictionColumns,
    });
  },
);

/** An upload has no record until a worker receives its event. */
async function describeWaiting(api: Client, model: string): Promise<string> {
  const { waiting } = await readBody(api.queues[":model"].$get({ param: { model } }));
  if (waiting === 0) return "";
  const uploads = waiting === 1 ? "1 upload of" : `About ${waiting} uploads of`;
  return `${uploads} ${model} ${waiting === 1 ? "is" : "are"} waiting. Follow them: npx sluice predictions watch ${model}`;
}

withCommonOptions(
  predictions
    .command("show <id>")
    .description("Show one prediction with its full result")
    .option("--result", "print only the result, as JSON"),
  ["npx sluice predictions show prd_0123", "npx sluice predictions show prd_0123 --result > result.json"],
).action(async (id: string, { result: onlyResult, ...options }: CommonOptions & { result?: boolean }) => {
  const { api } = connectTarget(options);
  const prediction = await readBody(api.predictions[":id"].$get({ param: { id } }));
  const result = prediction.resultKey
    ? await readBody(api.predictions[":id"].result.$get({ param: { id } }))
    : undefined;
  if (onlyResult && result) return printJson(result);
  if (options.json) return printJson({ ...prediction, result });
  print(predictionLine(prediction));
  print(`object    s3://${prediction.source.bucket}/${sanitize(prediction.source.key)}`);
  print(
    `uploaded  ${prediction.uploadedAt ?? prediction.createdAt}   finished  ${prediction.finishedAt ?? "-"}   attempts ${prediction.attempts}`,
  );
  if (prediction.modelVersion) print(`version   ${prediction.modelVersion} on ${prediction.endpoint ?? "-"}`);
  if (prediction.timings)
    print(
      `timings   ${Object.entries(prediction.timings)
        .filter(([, ms]) => typeof ms === "number")
        .map(([step, ms]) => `${step.replace(/Ms$/, "")} ${String(ms)} ms`)
        .join(", ")}`,
    );
  if (prediction.error)
    print(
      `error     ${prediction.error.code}: ${sanitize(prediction.error.message)}\n          ${sanitize(prediction.error.hint)}`,
    );
  if (result?.task === "object-detection")
    for (const { id: detection, class: name, confidence, box } of result.detections)
      print(
        `  ${detection}  ${name} ${confidence.toFixed(3)}  x ${box.x} y ${box.y} ${box.width} x ${box.height}`,
      );
  if (result?.task === "image-classification")
    for (const { class: name, probability } of result.probabilities)
      print(`  ${name} ${probability.toFixed(4)}`);
  if (result?.task === "text-classification")
    for (const { class: name, probability } of result.scores) print(`  ${name} ${probability.toFixed(4)}`);
});

withCommonOptions(
  predictions
    .command("watch [model]")
    .description("Print predictions as they change, until Ctrl-C")
    .option("--since <timestamp>", "start time, ISO 8601 (default: now)"),
  ["npx sluice predictions watch", "npx sluice predictions watch vehicles --json"],
).action(async (model: string | undefined, { since, ...options }: CommonOptions & { since?: string }) => {
  const { target } = connectTarget(options);
  if (!options.json) printNote(`Watching ${model ?? "all models"} at ${target.api}. Press Ctrl-C to stop.`);
  await untilInterrupted((signal) =>
    watchPredictions(target, {
      model,
      since,
      signal,
      onPrediction: (prediction) =>
        print(options.json ? JSON.stringify(prediction) : predictionLine(prediction)),
    }),
  );
});
