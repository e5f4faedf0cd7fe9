import type { Cost } from "@sluice/core/spending/forecast.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { formatDollars } from "./dollars.ts";
import { fetchCost, showAssumptions, showEstimate, showTraining } from "./estimate.ts";
import { printJson, print, printTable } from "../terminal/output.ts";

interface CostOptions extends CommonOptions {
  perDay?: string;
  seconds?: string;
  bytes?: string;
  memory?: string;
  instance?: string;
  trainingSeconds?: string;
}

export const cost = withCommonOptions(
  new Command("cost")
    .description("Show what a model costs: one prediction, one month, one training, and this month to date")
    .argument("[model]", "default: a table of all models")
    .option("--per-day <calls>", "calls per day (default: 100 and 1,000)")
    .option("--seconds <n>", "duration of one endpoint call (default: measured)")
    .option("--bytes <n>", "request and response size of one call")
    .option("--memory <MB>", "memory of the serverless endpoint (default: declared)")
    .option("--instance <type>", "instance type to compare with, such as ml.c5.large")
    .option("--training-seconds <n>", "duration of one training (default: the last run)"),
  [
    "npx sluice cost",
    "npx sluice cost cats",
    "npx sluice cost cats --per-day 50000 --seconds 0.08 --instance ml.c5.xlarge",
  ],
).action(async (model: string | undefined, options: CostOptions) => {
  const { api } = connectTarget(options);
  const { perDay, seconds, bytes, memory, instance, trainingSeconds } = options;
  const query = { perDay, seconds, bytes, memory, instance, trainingSeconds };
  if (model === undefined) {
    const { items } = await readBody(api.models.$get());
    const all = await Promise.all(items.map(({ name }) => fetchCost(api, name, query)));
    return options.json ? printJson(all) : showAll(all);
  }
  const found = await fetchCost(api, model, query);
  if (options.json) return printJson(found);

  const { prediction, soFar, assumptions } = found;
  showEstimate("One prediction on the serverless endpoint", prediction.endpoint);
  showEstimate("Pipeline around it: S3, EventBridge, SQS, Lambda, DynamoDB", prediction.path);
  showEstimate("API cost of one synchronous prediction (instead of the pipeline)", prediction.synchronous);
  print();
  printTable(found.monthly, [
    { title: "calls per day", value: ({ perDay }) => perDay },
    { title: "serverless per month", value: ({ serverless }) => formatDollars(serverless.dollars) },
    {
      title: `${assumptions.instance} per month`,
      value: ({ realtime }) => formatDollars(realtime.dollars),
    },
    { title: "pipeline", value: ({ path }) => formatDollars(path.dollars) },
  ]);
  print(
    `Above ${Math.round(found.breakEven / 30)} calls per day, ${assumptions.instance} costs less than serverless.`,
  );
  for (const { perDay, estimate } of found.monitoring ?? [])
    showEstimate(`Monitoring per month with ${perDay} calls per day`, estimate);
  print();
  showTraining(found);
  print();
  showEstimate("One month of its CloudWatch metrics and alarms", found.watching);
  showEstimate("One month of its CloudWatch dashboard", found.dashboard);
  const { livePage } = found;
  showEstimate(`One month of an open page with ${livePage.perDay} predictions per day`, livePage.estimate);
  print();
  const { predictions, otherCalls, trainings } = soFar;
  showEstimate(
    `This month to date: ${predictions} predictions, ${otherCalls} other calls, ${trainings} trainings`,
    soFar.estimate,
  );
  showAssumptions(found);
});

function showAll(all: Cost[]) {
  const [first] = all;
  const perDay = first?.monthly.at(-1)?.perDay;
  printTable(all, [
    { title: "model", value: ({ model }) => model },
    { title: "predictions", value: ({ soFar }) => soFar.predictions },
    { title: "trainings", value: ({ soFar }) => soFar.trainings },
    { title: "this month", value: ({ soFar }) => formatDollars(soFar.estimate.dollars) },
    { title: "one prediction", value: ({ prediction }) => formatDollars(onePrediction(prediction)) },
    {
      title: `one month with ${perDay} per day`,
      value: ({ monthly, watching }) => formatDollars(monthOf(monthly.at(-1)!) + watching.dollars),
    },
    { title: "one training", value: ({ training }) => formatDollars(training.dollars) },
  ]);
  const spent = all.reduce((total, { soFar }) => total + soFar.estimate.dollars, 0);
  print(
    `Total ${formatDollars(spent)} since ${first?.soFar.since.slice(0, 10)}. For the formulas: npx sluice cost MODEL`,
  );
}

const onePrediction = ({ endpoint, path }: Cost["prediction"]) => endpoint.dollars + path.dollars;
const monthOf = ({ serverless, path }: Cost["monthly"][number]) => serverless.dollars + path.dollars;
