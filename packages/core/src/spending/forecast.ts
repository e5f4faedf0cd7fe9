// The cost of a model: of one prediction or training, per month, and in this month.
import * as z from "zod";
import { type Duration, seconds as secondsOfDuration } from "@sluice/models/duration.ts";
import { byName } from "@sluice/models/index.ts";
import { variantName } from "../deployment/hosting.ts";
import { getTraffic } from "../deployment/read.ts";
import { metricCount } from "../metrics/metrics.ts";
import { getModel } from "../model/model.ts";
import { queryMetrics, total } from "../statistics/query.ts";
import { instanceOf } from "../training/builtin/resolve-options.ts";
import { lastCompleted, listRunsSince } from "../training/read.ts";
import type { TrainingRun } from "../training/training.ts";
import { Estimate } from "../cost/cost.ts";
import { fn } from "../util/fn.ts";
import {
  breakEven,
  DAYS_A_MONTH,
  estimateDashboards,
  estimatePipeline,
  estimateMonitoring,
  estimateRealtime,
  estimateServerless,
  estimateSynchronous,
  estimateWatching,
  sumItems,
  estimateTraining,
} from "../cost/estimate.ts";
import { estimateLivePage } from "../cost/live.ts";
import { type Prices, readPrices } from "../cost/prices.ts";
import { hostingCosts, instancesOf, trainingCosts } from "./actual.ts";

const Positive = z.coerce.number().positive();

export const CostQuery = z.object({
  model: z.string(),
  /** Calls a day. */
  perDay: z.coerce.number().int().positive().max(1e9).optional(),
  /** Of one call on the endpoint. Default: measured. */
  seconds: Positive.max(60).optional(),
  /** Input and output of one call. */
  bytes: Positive.optional(),
  memory: z.coerce.number().int().min(1_024).max(6_144).optional(),
  instance: z.string().startsWith("ml.").optional(),
  /** Of one training. Default: the duration of the last completed run. */
  trainingSeconds: Positive.optional(),
  trainingInstance: z.string().startsWith("ml.").optional(),
  spot: z.enum(["true", "false"]).optional(),
});

const Assumption = z.object({
  value: z.number(),
  source: z.enum(["given", "measured", "assumed", "declared"]),
  /** The run that it was measured on. */
  run: z.string().optional(),
});

export const Cost = z.object({
  model: z.string(),
  assumptions: z.object({
    seconds: Assumption,
    bytes: Assumption,
    memory: Assumption,
    trainingSeconds: Assumption,
    instance: z.string(),
    trainingInstance: z.string(),
  }),
  /** One prediction on the serverless endpoint, on the app's own path, and through the API instead of that path. */
  prediction: z.object({ endpoint: Estimate, path: Estimate, synchronous: Estimate }),
  monthly: z.array(
    z.object({ perDay: z.number(), serverless: Estimate, realtime: Estimate, path: Estimate }),
  ),
  /** Calls a month above which one instance costs less than serverless. */
  breakEven: z.number(),
  /** Per month; absent for a model that declares no monitoring. */
  monitoring: z.array(z.object({ perDay: z.number(), estimate: Estimate })).optional(),
  training: Estimate,
  /** A month of its CloudWatch metrics, with predictions in every hour, and alarms. */
  watching: Estimate,
  /** A month of its CloudWatch dashboard. */
  dashboard: Estimate,
  /** A month of live updates on a page that is always open. */
  livePage: z.object({ perDay: z.number(), estimate: Estimate }),
  /** In this month: counted calls, billed runs, and the instances that serve now. */
  soFar: z.object({
    since: z.string(),
    predictions: z.number(),
    /** Calls of the endpoint beside them: synchronous predictions, smoke tests and retries. */
    otherCalls: z.number(),
    trainings: z.number(),
    estimate: Estimate,
  }),
});
export type Cost = z.output<typeof Cost>;

const USUAL_CALLS_A_DAY = [100, 1_000];
const MONITORED_CALLS_A_DAY = [1_000, 100_000];
const ASSUMED = { seconds: 0.2, bytes: 300_000, trainingSeconds: 900 };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const forecastCost = fn(
  CostQuery.extend({ now: z.number() }),
  async ({ now, ...query }): Promise<Cost> => {
    const { name: model, captureShare } = getModel(query.model);
    const { hosting, monitoring, training: learning, classes, task } = byName(model)!;
    const list = readPrices();
    const began = startOfMonth(now);
    const [used, runs, serving] = await Promise.all([
      usage(model, now),
      listRunsSince(model, new Date(began).toISOString()),
      hostingCosts(model, began, now, list),
    ]);
    const last = runs.find(({ status }) => status === "Completed") ?? (await lastCompleted(model));
    const seconds = assume(query.seconds, used.seconds, ASSUMED.seconds);
    const bytes = assume(query.bytes, undefined, ASSUMED.bytes);
    const length = assume(query.trainingSeconds, secondsOf(last), ASSUMED.trainingSeconds);
    const trainingInstance = query.trainingInstance ?? instanceOf(learning);
    const spot = query.spot === undefined ? learning.spot : query.spot === "true";
    const memory = query.memory ?? hosting.memory;
    const instance = query.instance ?? hosting.instance;
    const calls = (count: number) =>
      estimateServerless({ count, memory, seconds: seconds.value, bytes: bytes.value }, list);
    const instances = instancesOf(hosting);
    const metrics = metricCount({ classes, task });
    const elapsed = (now - began) / HOUR_MS;
    const pagePerDay = query.perDay ?? Math.max(...USUAL_CALLS_A_DAY);
    const soFar = [
      ...(serving.perCall ? calls(used.predictions + used.otherCalls).items : serving.items),
      ...estimatePipeline(used.predictions, list).items,
      ...estimateSynchronous(used.otherCalls, captureShare, list).items,
      ...estimateWatching({ metrics, hours: used.hours, elapsed }, list).items,
      ...trainingCosts(runs),
    ];
    return {
      model,
      assumptions: {
        seconds,
        bytes,
        memory: { value: memory, source: query.memory === undefined ? "declared" : "given" },
        trainingSeconds: { ...length, ...(length.source === "measured" && { run: last!.name }) },
        instance,
        trainingInstance,
      },
      prediction: {
        endpoint: calls(1),
        path: estimatePipeline(1, list),
        synchronous: estimateSynchronous(1, captureShare, list),
      },
      monthly: (query.perDay ? [query.perDay] : USUAL_CALLS_A_DAY).map((perDay) => ({
        perDay,
        serverless: calls(perDay * DAYS_A_MONTH),
        realtime: estimateRealtime({ instance, instances }, list),
        path: estimatePipeline(perDay * DAYS_A_MONTH, list),
      })),
      breakEven: breakEven({ memory, seconds: seconds.value, bytes: bytes.value, instance, instances }, list),
      monitoring: monitoring && monitoringCosts(monitoring, query.perDay, list),
      training: estimateTraining({ instance: trainingInstance, seconds: length.value, spot }, list),
      watching: estimateWatching({ metrics }, list),
      dashboard: estimateDashboards(1, list),
      livePage: { perDay: pagePerDay, estimate: estimateLivePage(pagePerDay * DAYS_A_MONTH, list) },
      soFar: {
        since: new Date(began).toISOString(),
        predictions: used.predictions,
        otherCalls: used.otherCalls,
        trainings: runs.length,
        estimate: sumItems(soFar, list),
      },
    };
  },
);

function monitoringCosts(
  { capture, schedule }: { capture: number; schedule: Duration },
  perDay: number | undefined,
  prices: Prices,
) {
  const reports = (DAYS_A_MONTH * DAY_MS) / (secondsOfDuration(schedule) * 1_000);
  return (perDay ? [perDay] : MONITORED_CALLS_A_DAY).map((calls) => ({
    perDay: calls,
    estimate: estimateMonitoring({ count: calls * DAYS_A_MONTH, share: capture, reports }, prices),
  }));
}

function assume(given: number | undefined, measured: number | undefined, assumed: number) {
  if (given !== undefined) return { value: given, source: "given" as const };
  if (measured !== undefined) return { value: measured, source: "measured" as const };
  return { value: assumed, source: "assumed" as const };
}

/** The full duration: the formula contains the spot discount. */
function secondsOf(run: TrainingRun | undefined): number | undefined {
  if (!run?.startedAt || !run.finishedAt) return undefined;
  return Math.max(1, Math.round((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000));
}

function startOfMonth(now: number) {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth());
}

/** Calls in this month, the hours with predictions, and the mean duration of a call, including the wait for the endpoint. */
async function usage(model: string, now: number) {
  const day = { periodSeconds: DAY_MS / 1_000 };
  const hour = { periodSeconds: HOUR_MS / 1_000 };
  const { endpoint = getModel(model).endpoint } = await getTraffic(model);
  const source = {
    namespace: "AWS/SageMaker",
    dimensions: { EndpointName: endpoint, VariantName: variantName },
  };
  const results = await queryMetrics(
    model,
    [
      { ...hour, id: "completed", metric: "completed", statistic: "Sum" },
      { ...hour, id: "rejected", metric: "rejected", statistic: "Sum" },
      { ...day, id: "invoked", metric: "invokeTime", statistic: "SampleCount" },
      { ...day, id: "spent", metric: "invokeTime", statistic: "Sum" },
      { ...day, id: "calls", metric: "Invocations", statistic: "Sum", source },
    ],
    startOfMonth(now),
    now,
  );
  const invoked = total(results("invoked"));
  const predictions = total(results("completed")) + total(results("rejected"));
  const hours = new Set([...results("completed"), ...results("rejected")].map(([at]) => at)).size;
  return {
    predictions,
    hours,
    otherCalls: Math.max(0, total(results("calls")) - predictions),
    seconds: invoked > 0 ? total(results("spent")) / invoked / 1_000 : undefined,
  };
}
