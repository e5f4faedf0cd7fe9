// Estimates with their formula, so that anyone can check the sum.
import type { CostItem, Estimate } from "./cost.ts";
import { hourlyPrice, type Prices } from "./prices.ts";

export const HOURS_A_MONTH = 730;
export const DAYS_A_MONTH = 30;
const SECONDS_AN_HOUR = 3_600;
const MB_A_GB = 1_024;
/** AWS measures data in powers of two. */
const BYTES_A_GB = 2 ** 30;

export interface Calls {
  count: number;
  /** Of the endpoint, in MB. */
  memory: number;
  /** Of one call in the container. */
  seconds: number;
  /** Input and output of one call. */
  bytes?: number;
}

export function estimateServerless({ count, memory, seconds, bytes = 0 }: Calls, prices: Prices): Estimate {
  const { gbSecond, gbMoved } = prices.serverless;
  const gb = memory / MB_A_GB;
  const moved = (count * bytes) / BYTES_A_GB;
  const compute: CostItem = {
    what: "serverless compute",
    formula: `${number(count)} calls x ${number(gb)} GB x ${number(seconds)} s x $${number(gbSecond)}`,
    dollars: count * gb * seconds * gbSecond,
  };
  const data: CostItem = {
    what: "data in and out",
    formula: `${number(moved)} GB x $${number(gbMoved)}`,
    dollars: moved * gbMoved,
  };
  return sumItems(bytes > 0 ? [compute, data] : [compute], prices);
}

export function estimateRealtime(
  { instance, instances, hours = HOURS_A_MONTH }: { instance: string; instances: number; hours?: number },
  prices: Prices,
): Estimate {
  const price = hourlyPrice(prices.hosting, instance);
  return sumItems(
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

interface Comparison extends Omit<Calls, "count"> {
  instance: string;
  instances: number;
}

/** The calls a month above which instances cost less than serverless. */
export function breakEven({ instance, instances, ...call }: Comparison, prices: Prices): number {
  const perCall = estimateServerless({ count: 1, ...call }, prices).dollars;
  return estimateRealtime({ instance, instances }, prices).dollars / perCall;
}

export function estimateTraining(
  {
    instance,
    seconds,
    spot,
    instances = 1,
  }: { instance: string; seconds: number; spot: boolean; instances?: number },
  prices: Prices,
): Estimate {
  const price = hourlyPrice(prices.training, instance);
  const share = spot ? prices.spotShare : 1;
  const formula = `${number(instances)} x ${number(seconds)} s / 3600 x $${number(price)}`;
  return sumItems(
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
 * The cost of the app's own path, without the endpoint, for single predictions. Counts and sizes are measured upper
 * bounds: a batch of ten shares most of the calls.
 */
export function estimatePipeline(count: number, prices: Prices): Estimate {
  const { lambda, dynamodb, s3, sqs, events } = prices;
  const FUNCTION_GB = 0.5;
  const FUNCTION_SECONDS = 0.3;
  const items: CostItem[] = [
    // Without the receives of an idle queue, which do not depend on predictions.
    each("SQS: sent, received, deleted", count, 3, sqs.request),
    each("Lambda requests", count, 1, lambda.request),
    {
      what: "Lambda compute",
      formula: `${number(count)} x ${FUNCTION_GB} GB x ${FUNCTION_SECONDS} s x $${number(lambda.gbSecond)}`,
      dollars: count * FUNCTION_GB * FUNCTION_SECONDS * lambda.gbSecond,
    },
    // Two writes of up to 2 KB, doubled by the transaction, in the table and three indexes.
    each("DynamoDB writes", count, 2 * 2 * 2 * 4, dynamodb.write),
    each("S3 puts: upload, result, capture", count, 3, s3.put),
    each("S3 gets", count, 1, s3.get),
    each("events: S3's and our own", count, 2, events.event),
  ];
  return sumItems(items, prices);
}

/** Of the API for synchronous predictions, without the endpoint. */
export function estimateSynchronous(count: number, captureShare: number, prices: Prices): Estimate {
  const { api, lambda, s3 } = prices;
  const FUNCTION_GB = 1;
  const FUNCTION_SECONDS = 0.3;
  return sumItems(
    [
      each("API requests", count, 1, api.request),
      each("Lambda requests of the API", count, 1, lambda.request),
      {
        what: "Lambda compute of the API",
        formula: `${number(count)} x ${FUNCTION_GB} GB x ${FUNCTION_SECONDS} s x $${number(lambda.gbSecond)}`,
        dollars: count * FUNCTION_GB * FUNCTION_SECONDS * lambda.gbSecond,
      },
      each("S3 puts of captures", count * captureShare, 1, s3.put),
    ],
    prices,
  );
}

/** Of a model: dead letters, age of its queue, errors of its two functions. */
export const DECLARED_ALARMS = 4;
/** Created with it: deployment/alarms.ts. */
export const ENDPOINT_ALARMS = 3;
export const ALARMS_A_MODEL = DECLARED_ALARMS + ENDPOINT_ALARMS;

/** CloudWatch charges a metric by the hours in which it is sent, and an alarm by the hour. */
export function estimateWatching(
  {
    metrics,
    hours = HOURS_A_MONTH,
    elapsed = HOURS_A_MONTH,
  }: { metrics: number; hours?: number; elapsed?: number },
  prices: Prices,
): Estimate {
  const { metric, alarm } = prices.cloudwatch;
  const share = (given: number) => `${number(given)} h / ${HOURS_A_MONTH} h`;
  return sumItems(
    [
      {
        what: "CloudWatch metrics of predictions",
        formula: `${metrics} x ${share(hours)} x $${number(metric)}`,
        dollars: (metrics * hours * metric) / HOURS_A_MONTH,
      },
      {
        what: "CloudWatch alarms",
        formula: `${ALARMS_A_MODEL} x ${share(elapsed)} x $${number(alarm)}`,
        dollars: (ALARMS_A_MODEL * elapsed * alarm) / HOURS_A_MONTH,
      },
    ],
    prices,
  );
}

/** Of a month. The first three dashboards of an account are free, which is not subtracted. */
export function estimateDashboards(count: number, prices: Prices): Estimate {
  const { dashboard } = prices.cloudwatch;
  const item = {
    what: "CloudWatch dashboard",
    formula: `${number(count)} x $${number(dashboard)} (an account's first 3 are free)`,
    dollars: count * dashboard,
  };
  return sumItems([item], prices);
}

/** Of one captured prediction in S3: reference, response with descriptors, and metadata. */
export const CAPTURE_BYTES = 1_500;

interface Monitored {
  /** Predictions a month. */
  count: number;
  /** Share of them that is captured. */
  share: number;
  /** Comparisons a month. */
  reports: number;
}

/**
 * What monitoring adds to a model, for predictions that arrive one by one: each has a capture file of its own. A batch
 * of ten shares one.
 */
export function estimateMonitoring({ count, share, reports }: Monitored, prices: Prices): Estimate {
  const { lambda, s3, cloudwatch, dynamodb } = prices;
  const captured = count * share;
  const hours = HOURS_A_MONTH;
  // Reading a small file takes 20 ms, sixteen at once; an hour takes at least a second, a comparison ten.
  const seconds = hours * 1 + reports * 10 + (captured * 0.02) / 16;
  const METRICS = 12;
  const ENDPOINTS = 6;
  const stored = (captured * CAPTURE_BYTES) / BYTES_A_GB;
  return sumItems(
    [
      each("S3 puts of captures", captured, 1, s3.put),
      {
        what: "S3 storage of a month's captures",
        formula: `${number(stored)} GB x $${number(s3.gbStored)}`,
        dollars: stored * s3.gbStored,
      },
      each("S3 gets of captures", captured, 1, s3.get),
      // The variants of each endpoint, the files of the hour, and its sum; then the files of each report.
      each("S3 lists and puts of the monitor", hours, ENDPOINTS + 2, s3.put),
      each("S3 gets of hours", hours, 24, s3.get),
      each("S3 puts of reports", reports, 3, s3.put),
      each("DynamoDB writes of reports", reports, 2 * 16, dynamodb.write),
      {
        what: "Lambda compute of the monitor",
        formula: `${number(seconds)} s x 1 GB x $${number(lambda.gbSecond)}`,
        dollars: seconds * lambda.gbSecond,
      },
      {
        // CloudWatch charges a metric by the hours in which it is sent.
        what: "CloudWatch metrics",
        formula: `${METRICS} x ${number(Math.min(reports, hours))} h / ${hours} h x $${number(cloudwatch.metric)}`,
        dollars: (METRICS * Math.min(reports, hours) * cloudwatch.metric) / hours,
      },
    ],
    prices,
  );
}

export function sumItems(items: CostItem[], prices: Prices): Estimate {
  const dollars = items.reduce((total, item) => total + item.dollars, 0);
  return { dollars, items, pricesOf: `${prices.region}, ${prices.date}` };
}

export const each = (what: string, count: number, times: number, price: number): CostItem => ({
  what,
  formula: `${number(count)} x ${number(times)} x $${number(price)}`,
  dollars: count * times * price,
});

/** Without grouping, and precise enough to check the multiplication. */
const number = (value: number) => {
  const text = String(Number(value.toPrecision(6)));
  return text.includes("e") ? Number(value.toPrecision(6)).toFixed(12).replace(/0+$/, "") : text;
};
