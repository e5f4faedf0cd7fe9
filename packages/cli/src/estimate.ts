// Costs as people read them: the dollars, the sum behind them, and what had to be assumed.
import type { Estimate } from "@sluice/core/cost/estimate.ts";
import type { Cost } from "@sluice/core/cost/model.ts";
import { body, type Client } from "./client.ts";
import { paint, say } from "./output.ts";

type Query = Record<string, string | undefined>;

export const costOf = (api: Client, model: string, query: Query = {}) =>
  body(api.models[":model"].cost.$get({ param: { model }, query }));

/** Cents where there are any, and the first figures that count below that. */
export function dollars(value: number): string {
  if (value === 0) return "$0";
  return value >= 0.01 ? `$${value.toFixed(2)}` : `$${value.toFixed(12).replace(/^(0\.0*\d\d).*$/, "$1")}`;
}

export function showEstimate(title: string, { dollars: total, items }: Estimate) {
  say(`${paint("bold", title)}  ${dollars(total)}`);
  for (const { what, formula, dollars: part } of items)
    say(paint("dim", `  ${what}: ${formula} = ${dollars(part)}`));
}

export function showAssumptions({ assumptions, training }: Cost) {
  const { seconds, bytes, memory } = assumptions;
  say(
    paint(
      "dim",
      `Taking ${seconds.value.toPrecision(3)} s a call (${seconds.source}), ${bytes.value} bytes (${bytes.source}), ` +
        `${memory.value} MB (${memory.source}). Prices of ${training.pricesOf}; yours go in the file that SLUICE_PRICES names.`,
    ),
  );
}
