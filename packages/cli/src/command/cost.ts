import type { Cost } from "@sluice/core/spending/forecast.ts";
import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { costOf, dollars, showAssumptions, showEstimate, showTraining } from "../estimate.ts";
import { printJson, say, table } from "../output.ts";

interface CostOptions extends CommonOptions {
  perDay?: string;
  seconds?: string;
  bytes?: string;
  memory?: string;
  instance?: string;
  trainingSeconds?: string;
}

export const cost = common(
  new Command("cost")
    .description("What a model costs: a prediction, a month, a training, and this month so far")
    .argument("[model]", "all of them, side by side, without it")
    .option("--per-day <calls>", "calls a day, instead of 100 and 1,000")
    .option("--seconds <n>", "of one call on the endpoint, instead of what was measured")
    .option("--bytes <n>", "in and out, of one call")
    .option("--memory <MB>", "of the serverless endpoint, instead of the declared")
    .option("--instance <type>", "to compare with, such as ml.c5.large")
    .option("--training-seconds <n>", "of one training, instead of what the last run took"),
  [
    "sluice cost",
    "sluice cost cats",
    "sluice cost cats --per-day 50000 --seconds 0.08 --instance ml.c5.xlarge",
  ],
).action(async (model: string | undefined, options: CostOptions) => {
  const { api } = open(options);
  const { perDay, seconds, bytes, memory, instance, trainingSeconds } = options;
  const query = { perDay, seconds, bytes, memory, instance, trainingSeconds };
  if (model === undefined) {
    const { items } = await body(api.models.$get());
    const all = await Promise.all(items.map(({ name }) => costOf(api, name, query)));
    return options.json ? printJson(all) : showAll(all);
  }
  const found = await costOf(api, model, query);
  if (options.json) return printJson(found);

  const { prediction, soFar, assumptions } = found;
  showEstimate("One prediction on the serverless endpoint", prediction.endpoint);
  showEstimate("and what brings it there and records it", prediction.path);
  say();
  say(
    table(found.monthly, [
      { title: "calls a day", value: ({ perDay }) => perDay },
      { title: "serverless a month", value: ({ serverless }) => dollars(serverless.dollars) },
      { title: `${assumptions.instance} a month`, value: ({ realtime }) => dollars(realtime.dollars) },
      { title: "the path", value: ({ path }) => dollars(path.dollars) },
    ]),
  );
  say(
    `Above ${Math.round(found.breakEven / 30)} calls a day ${assumptions.instance} costs less than serverless.`,
  );
  say();
  showTraining(found);
  say();
  const { predictions, trainings } = soFar;
  showEstimate(`This month so far, ${predictions} predictions and ${trainings} trainings`, soFar.estimate);
  showAssumptions(found);
});

function showAll(all: Cost[]) {
  const [first] = all;
  const perDay = first?.monthly.at(-1)?.perDay;
  say(
    table(all, [
      { title: "model", value: ({ model }) => model },
      { title: "predictions", value: ({ soFar }) => soFar.predictions },
      { title: "trainings", value: ({ soFar }) => soFar.trainings },
      { title: "this month", value: ({ soFar }) => dollars(soFar.estimate.dollars) },
      { title: "one prediction", value: ({ prediction }) => dollars(onePrediction(prediction)) },
      { title: `a month of ${perDay} a day`, value: ({ monthly }) => dollars(monthOf(monthly.at(-1)!)) },
      { title: "one training", value: ({ training }) => dollars(training.dollars) },
    ]),
  );
  const spent = all.reduce((total, { soFar }) => total + soFar.estimate.dollars, 0);
  say(
    `Together ${dollars(spent)} since ${first?.soFar.since.slice(0, 10)}; each with its sums: npx sluice cost MODEL`,
  );
}

const onePrediction = ({ endpoint, path }: Cost["prediction"]) => endpoint.dollars + path.dollars;
const monthOf = ({ serverless, path }: Cost["monthly"][number]) => serverless.dollars + path.dollars;
