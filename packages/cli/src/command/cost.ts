import { Command } from "commander";
import { common, type CommonOptions, open } from "../common.ts";
import { costOf, dollars, showAssumptions, showEstimate } from "../estimate.ts";
import { paint, printJson, say, table } from "../output.ts";

interface CostOptions extends CommonOptions {
  perDay?: string;
  seconds?: string;
  bytes?: string;
  memory?: string;
  instance?: string;
}

export const cost = common(
  new Command("cost")
    .description("What a model costs: a prediction, a month, a training, and this month so far")
    .argument("<model>")
    .option("--per-day <calls>", "calls a day, instead of 100 and 1,000")
    .option("--seconds <n>", "of one call on the endpoint, instead of what was measured")
    .option("--bytes <n>", "in and out, of one call")
    .option("--memory <MB>", "of the serverless endpoint, instead of the declared")
    .option("--instance <type>", "to compare with, such as ml.c5.large"),
  ["sluice cost cats", "sluice cost cats --per-day 50000 --seconds 0.08 --instance ml.c5.xlarge"],
).action(async (model: string, options: CostOptions) => {
  const { api } = open(options);
  const { perDay, seconds, bytes, memory, instance } = options;
  const found = await costOf(api, model, { perDay, seconds, bytes, memory, instance });
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
  showEstimate("One training", found.training);
  say(
    `${paint("bold", "This month so far")}  ${dollars(soFar.estimate.dollars)} for ${soFar.predictions} predictions`,
  );
  showAssumptions(found);
});
