import type { Accuracy, AccuracyWeek } from "@sluice/core/accuracy/accuracy.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { print, printJson, printNote, printTable } from "../terminal/output.ts";

export const accuracy = new Command("accuracy").description("Show the real accuracy of a model");

const formatPercent = (share: number) => `${(share * 100).toFixed(1)} %`;
const formatAccuracy = (found: Accuracy | undefined) =>
  found && `${formatPercent(found.value)} (${formatPercent(found.low)} to ${formatPercent(found.high)})`;

withCommonOptions(
  accuracy
    .command("show")
    .argument("<model>", "model name")
    .description("Show the real accuracy by week, with 95 % intervals"),
  ["npx sluice accuracy show vehicles", "npx sluice accuracy show vehicles --weeks 26 --json"],
)
  .option("--weeks <n>", "number of weeks, newest first", "12")
  .action(async (model: string, { weeks, ...options }: CommonOptions & { weeks: string }) => {
    const { api } = connectTarget(options);
    const found = await readBody(api.models[":model"].accuracy.$get({ param: { model }, query: { weeks } }));
    if (options.json) return printJson(found);
    if (found.weeks.length === 0)
      return print(
        `No ground truth and no reviews of ${model}. Import some: npx sluice ground-truth import FILE`,
      );
    printTable<AccuracyWeek>(found.weeks, [
      { title: "week", value: ({ from }) => from.slice(0, 10) },
      { title: "accuracy", value: (week) => formatAccuracy(week.accuracy) },
      { title: "items", value: (week) => week.accuracy?.count ?? 0 },
      { title: "below threshold", value: (week) => formatAccuracy(week.lowConfidence) },
      { title: "items", value: (week) => week.lowConfidence?.count ?? 0 },
    ]);
    if (found.bound !== undefined) print(`\nbound   ${formatPercent(found.bound)}`);
    const [latest] = found.weeks;
    if (latest && latest.classes.length > 0) {
      print(`\nBy true class, week of ${latest.from.slice(0, 10)}`);
      printTable<AccuracyWeek["classes"][number]>(latest.classes, [
        { title: "class", value: (row) => row.class },
        { title: "accuracy", value: formatAccuracy },
        { title: "items", value: ({ count }) => count },
      ]);
    }
    printNote("Accuracy counts ground truth and the random share of the reviews.");
  });
