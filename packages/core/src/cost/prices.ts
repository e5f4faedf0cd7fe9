// AWS's prices in US dollars, on one day in one region. SLUICE_PRICES names a JSON file that overrides any part of
// them, for another region or a discount.
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";

const Price = z.number().min(0);
const Hourly = z.record(z.string().startsWith("ml."), Price);

const Prices = z.strictObject({
  /** The day of the lookup. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day such as 2026-11-21"),
  region: z.string(),
  /** Per hour of a training instance. */
  training: Hourly,
  /** Per hour of a hosting instance. */
  hosting: Hourly,
  /** Spot price as a share of the price; it varies by the hour. */
  spotShare: z.number().min(0).max(1),
  serverless: z.strictObject({
    gbSecond: Price,
    /** Input and output. */
    gbMoved: Price,
  }),
  lambda: z.strictObject({ request: Price, gbSecond: Price }),
  /** Of 1 KB written, and of 4 KB read consistently. */
  dynamodb: z.strictObject({ write: Price, read: Price }),
  s3: z.strictObject({
    put: Price,
    get: Price,
    /** Per GB and month. */
    gbStored: Price,
  }),
  /** Of a month: a metric that is sent in every hour, an alarm, and a dashboard. */
  cloudwatch: z.strictObject({ metric: Price, alarm: Price, dashboard: Price }),
  /** API Gateway's HTTP API. */
  api: z.strictObject({ request: Price }),
  sqs: z.strictObject({ request: Price }),
  events: z.strictObject({ event: Price }),
  /** Of API Gateway: 32 KB of a message, and a minute of a connection. */
  websocket: z.strictObject({ message: Price, minute: Price }),
});
export type Prices = z.output<typeof Prices>;

const PER_MILLION = 1e-6;

export const DEFAULT_PRICES: Prices = {
  date: "2026-11-21",
  region: "us-east-1",
  training: { "ml.m5.large": 0.115, "ml.m5.xlarge": 0.23, "ml.g4dn.xlarge": 0.7364, "ml.g5.xlarge": 1.408 },
  hosting: {
    "ml.t2.medium": 0.056,
    "ml.c5.large": 0.102,
    "ml.c5.xlarge": 0.204,
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.g4dn.xlarge": 0.7364,
    "ml.g5.xlarge": 1.408,
  },
  spotShare: 0.3,
  serverless: { gbSecond: 0.00002, gbMoved: 0.016 },
  lambda: { request: 0.2 * PER_MILLION, gbSecond: 0.0000166667 },
  dynamodb: { write: 0.625 * PER_MILLION, read: 0.125 * PER_MILLION },
  s3: { put: 0.005 / 1_000, get: 0.0004 / 1_000, gbStored: 0.023 },
  cloudwatch: { metric: 0.3, alarm: 0.1, dashboard: 3 },
  api: { request: 1 * PER_MILLION },
  sqs: { request: 0.4 * PER_MILLION },
  // Sources disagree whether S3's events are free. The estimate counts them.
  events: { event: 1 * PER_MILLION },
  websocket: { message: 1 * PER_MILLION, minute: 0.25 * PER_MILLION },
};

export function readPrices(file = process.env["SLUICE_PRICES"]): Prices {
  if (!file) return DEFAULT_PRICES;
  if (!existsSync(file)) {
    throw new SluiceError("CONFIGURATION_MISSING", `SLUICE_PRICES names ${file}, which does not exist.`, {
      hint: "Name a JSON file with prices, or unset SLUICE_PRICES.",
    });
  }
  let own: unknown;
  try {
    own = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new SluiceError("CONFIGURATION_INVALID", `SLUICE_PRICES names ${file}, which is not JSON.`, {
      hint: "Correct the file, or unset SLUICE_PRICES.",
      cause,
    });
  }
  const parsed = Prices.safeParse(merged(DEFAULT_PRICES, own));
  if (!parsed.success) throw invalidInput(parsed.error, "CONFIGURATION_INVALID");
  return parsed.data;
}

/** Throws for an instance without a price, instead of estimating too little. */
export function hourlyPrice(list: Record<string, number>, instance: string): number {
  const price = list[instance];
  if (price !== undefined) return price;
  throw new SluiceError("INPUT_INVALID", `No price is known for ${instance}.`, {
    hint: `Add its price to the file that SLUICE_PRICES names. Known instances: ${Object.keys(list).join(", ")}.`,
  });
}

function merged(base: unknown, own: unknown): unknown {
  if (!isRecord(base) || !isRecord(own)) return own ?? base;
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(base[name], own[name])]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
