// What something would cost, with the formula and what went into it, so that anyone can check the sum.
import * as z from "zod";
import { hourly, type Prices } from "./prices.ts";

const Item = z.object({
  /** What is paid for. */
  what: z.string(),
  /** The sum in words and numbers. */
  formula: z.string(),
  dollars: z.number(),
});

export const Estimate = z.object({ dollars: z.number(), items: z.array(Item), pricesOf: z.string() });
export type Estimate = z.output<typeof Estimate>;
type Item = z.output<typeof Item>;

const HOURS_A_MONTH = 730;
export const DAYS_A_MONTH = 30;
const SECONDS_AN_HOUR = 3_600;
const MB_A_GB = 1_024;
/** AWS counts data in powers of two. */
const BYTES_A_GB = 2 ** 30;

export interface Calls {
  count: number;
  /** Of the endpoint's memory, MB. */
  memory: number;
  /** Of one call, in the container. */
  seconds: number;
  /** In and out, of one call. */
  bytes?: number;
}

export function serverless({ count, memory, seconds, bytes = 0 }: Calls, prices: Prices): Estimate {
  const { gbSecond, gbMoved } = prices.serverless;
  const gb = memory / MB_A_GB;
  const moved = (count * bytes) / BYTES_A_GB;
  const compute: Item = {
    what: "serverless compute",
    formula: `${number(count)} calls x ${number(gb)} GB x ${number(seconds)} s x $${number(gbSecond)}`,
    dollars: count * gb * seconds * gbSecond,
  };
  const data: Item = {
    what: "data in and out",
    formula: `${number(moved)} GB x $${number(gbMoved)}`,
    dollars: moved * gbMoved,
  };
  return sum(bytes > 0 ? [compute, data] : [compute], prices);
}

export function realtime(
  { instance, instances, hours = HOURS_A_MONTH }: { instance: string; instances: number; hours?: number },
  prices: Prices,
): Estimate {
  const price = hourly(prices.hosting, instance);
  return sum(
    [
      {
        what: `${instance} hosting`,
        formula: `${number(instances)} x ${number(hours)} h x $${number(price)}`,
        dollars: instances * hours * price,
      },
    ],
    prices,
  );
}

interface Rivals extends Omit<Calls, "count"> {
  instance: string;
  instances: number;
}

/** Above this many calls a month the instances cost less than serverless. */
export function breakEven({ instance, instances, ...call }: Rivals, prices: Prices): number {
  const perCall = serverless({ count: 1, ...call }, prices).dollars;
  return realtime({ instance, instances }, prices).dollars / perCall;
}

export function training(
  {
    instance,
    seconds,
    spot,
    instances = 1,
  }: { instance: string; seconds: number; spot: boolean; instances?: number },
  prices: Prices,
): Estimate {
  const price = hourly(prices.training, instance);
  const share = spot ? prices.spotShare : 1;
  const formula = `${number(instances)} x ${number(seconds)} s / 3600 x $${number(price)}`;
  return sum(
    [
      {
        what: `${instance} training${spot ? " on spot" : ""}`,
        formula: spot ? `${formula} x ${number(share)} (about, for spot)` : formula,
        dollars: (instances * seconds * price * share) / SECONDS_AN_HOUR,
      },
    ],
    prices,
  );
}

/**
 * What the app's own path costs beside the endpoint, for predictions that come alone. Counts and sizes are measured
 * upper bounds: a full batch of ten shares most of the calls.
 */
export function path(count: number, prices: Prices): Estimate {
  const { lambda, dynamodb, s3, sqs, events } = prices;
  const FUNCTION_GB = 0.5;
  const FUNCTION_SECONDS = 0.3;
  const items: Item[] = [
    // Receives of an idle queue are left out: they are there without a single prediction.
    each("SQS: sent, received, deleted", count, 3, sqs.request),
    each("Lambda requests", count, 1, lambda.request),
    {
      what: "Lambda compute",
      formula: `${number(count)} x ${FUNCTION_GB} GB x ${FUNCTION_SECONDS} s x $${number(lambda.gbSecond)}`,
      dollars: count * FUNCTION_GB * FUNCTION_SECONDS * lambda.gbSecond,
    },
    // Twice in a transaction, of up to 2 KB, in the table and three indexes.
    each("DynamoDB writes", count, 2 * 2 * 2 * 4, dynamodb.write),
    each("S3 puts: upload, result, capture", count, 3, s3.put),
    each("S3 gets", count, 1, s3.get),
    each("events: S3's and our own", count, 2, events.event),
  ];
  return sum(items, prices);
}

export function sum(items: Item[], prices: Prices): Estimate {
  const dollars = items.reduce((total, item) => total + item.dollars, 0);
  return { dollars, items, pricesOf: `${prices.region}, ${prices.date}` };
}

const each = (what: string, count: number, times: number, price: number): Item => ({
  what,
  formula: `${number(count)} x ${times} x $${number(price)}`,
  dollars: count * times * price,
});

/** No grouping and no rounding that would hide what was multiplied. */
const number = (value: number) => {
  const text = String(Number(value.toPrecision(6)));
  return text.includes("e") ? Number(value.toPrecision(6)).toFixed(12).replace(/0+$/, "") : text;
};
