// Costs as people read them: the dollars, the sum behind them, and what had to be assumed.
import type { Estimate } from "@sluice/core/cost/estimate.ts";
import type { Cost } from "@sluice/core/spending/forecast.ts";
import { body, type Client } from "./client.ts";
import { paint, say } from "./output.ts";

type Query = Record<string, string | undefined>;

export const costOf = (api: Client, model: string, query: Query = {}) =>
  body(api.models[":model"].cost.$get({ param: { model }, query }));

/** Cents where there are any, and the first figures that count below that. */
export function dollars(value: number): string {
  if (value === 0) return "$0";
  if (value >= 0.01) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(2))
    .toFixed(12)
    .replace(/^(0\.0*\d\d).*$/, "$1")}`;
}

export function showEstimate(title: string, { dollars: total, items }: Estimate) {
  say(`${paint("bold", title)}  ${dollars(total)}`);
  for (const { what, formula, dollars: part } of items)
    say(paint("dim", `  ${what}: ${formula} = ${dollars(part)}`));
}

type Assumption = Cost["assumptions"]["seconds"];
const figure = ({ value, source, run }: Assumption, unit: string) =>
  `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit} (${run ? `${source}: ${run}` : source})`;

const showPrices = (told: string, { training }: Cost) =>
  say(paint("dim", `${told} Prices of ${training.pricesOf}; yours go in the file that SLUICE_PRICES names.`));

export function showAssumptions(cost: Cost) {
  const { seconds, bytes, memory } = cost.assumptions;
  const call = [figure(seconds, "s a call"), figure(bytes, "bytes"), figure(memory, "MB")];
  showPrices(`Taking ${call.join(", ")}.`, cost);
}

export function showTraining(cost: Cost) {
  showEstimate("One training", cost.training);
  showPrices(`Taking ${figure(cost.assumptions.trainingSeconds, "s")}.`, cost);
}

type Target = "serverless" | "realtime" | "async" | "local";

/** A month of it; an instance costs the same whatever it is asked. */
export function showHosting(cost: Cost, target: Target) {
  if (target === "local") return say("Nothing: the version is asked on this machine.");
  const { monthly, breakEven, assumptions } = cost;
  if (target === "serverless")
    for (const { perDay, serverless } of monthly)
      showEstimate(`A month of ${perDay} calls a day`, serverless);
  else showEstimate(`A month of ${assumptions.instance}`, monthly[0]!.realtime);
  say(`Above ${Math.round(breakEven)} calls a month ${assumptions.instance} costs less than serverless.`);
  showAssumptions(cost);
}
