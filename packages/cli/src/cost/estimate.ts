import type { Estimate } from "@sluice/core/cost/cost.ts";
import type { Cost } from "@sluice/core/spending/forecast.ts";
import { type Client, readBody } from "../target/client.ts";
import { paint, print } from "../terminal/output.ts";
import { formatDollars } from "./dollars.ts";

type Query = Record<string, string | undefined>;

export const fetchCost = (api: Client, model: string, query: Query = {}) =>
  readBody(api.models[":model"].cost.$get({ param: { model }, query }));

export function showEstimate(title: string, { dollars, items }: Estimate) {
  print(`${paint("bold", title)}  ${formatDollars(dollars)}`);
  for (const item of items)
    print(paint("dim", `  ${item.what}: ${item.formula} = ${formatDollars(item.dollars)}`));
}

type Assumption = Cost["assumptions"]["seconds"];
const formatAssumption = ({ value, source, run }: Assumption, unit: string) =>
  `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit} (${run ? `${source}: ${run}` : source})`;

const showPrices = (assumptions: string, { training }: Cost) =>
  print(
    paint(
      "dim",
      `Assumes ${assumptions}. Prices of ${training.pricesOf}; set SLUICE_PRICES to use a price file of your own.`,
    ),
  );

export function showAssumptions(cost: Cost) {
  const { seconds, bytes, memory } = cost.assumptions;
  showPrices(
    [
      formatAssumption(seconds, "s per call"),
      formatAssumption(bytes, "bytes"),
      formatAssumption(memory, "MB"),
    ].join(", "),
    cost,
  );
}

export function showTraining(cost: Cost) {
  showEstimate("One training", cost.training);
  showPrices(formatAssumption(cost.assumptions.trainingSeconds, "s"), cost);
}

type Target = "serverless" | "realtime" | "async" | "local";

/** Cost per month. An instance costs the same for any number of calls. */
export function showHosting(cost: Cost, target: Target) {
  if (target === "local") return print("No cost: the version runs on this machine.");
  const { monthly, breakEven, assumptions } = cost;
  if (target === "serverless")
    for (const { perDay, serverless } of monthly)
      showEstimate(`One month with ${perDay} calls per day`, serverless);
  else showEstimate(`One month of ${assumptions.instance}`, monthly[0]!.realtime);
  print(
    `Above ${Math.round(breakEven)} calls per month, ${assumptions.instance} costs less than serverless.`,
  );
  showAssumptions(cost);
}
