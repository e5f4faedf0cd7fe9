// Compares two versions of a model by the predictions that they served.
import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { codes, type ErrorCode } from "../error/codes.ts";
import { SluiceError } from "../error/error.ts";
import type { TruthItem } from "../accuracy/accuracy.entity.ts";
import { readTruthsOfPeriod } from "../accuracy/truths.ts";
import { readPrices } from "../cost/prices.ts";
import { getModel } from "../model/model.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { measureAgreement } from "./agreement.ts";
import type { ComparedVersion, Comparison, StepReport } from "./comparison.ts";
import { costEstimator } from "./cost.ts";
import { judgePrediction } from "./judgment.ts";
import { compareMeasures, measureVersion, type VersionSample } from "./measure.ts";
import { MAX_READ, readPeriod } from "./read.ts";
import { MIN_JUDGED, recommend } from "./recommend.ts";
import { findVersions } from "./versions.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MAX_DAYS = 31;
/** Fixed: the same predictions always give the same report. */
const SEEDS = { current: 1, candidate: 2 };

const Instant = z.iso.datetime({ offset: true });

export const ComparisonQuery = z.object({
  model: z.string(),
  /** Of the uploads. Default: since the start of the traffic shift, or 7 days. At most 31 days. */
  from: Instant.optional(),
  to: Instant.optional(),
  /** The current version and the candidate. Default: the live version, and the candidate or the version before. */
  versions: z
    .string()
    .regex(/^[^,\s]+,[^,\s]+$/, "must be two versions with a comma between them")
    .optional(),
});

export const compareVersions = fn(
  ComparisonQuery.extend({ now: z.number() }),
  async ({ model, now, ...query }): Promise<Comparison> => {
    const { gate } = getModel(model);
    const found = await findVersions(model, query.versions?.split(","));
    const { from, to } = periodOf(query, found.since, now);
    const { items, complete } = await readPeriod({ model, from, to });
    const current = found.current ?? newestVersion(items, found.candidate);
    const candidate = found.candidate ?? newestVersion(items, current);
    const served = items.filter((item) => isServed(item) && [current, candidate].includes(item.modelVersion));
    const truths = await readTruthsOfPeriod(
      { model, from, to },
      served.map(({ id }) => id),
    );
    const samples = [current, candidate].map((version) =>
      version ? sampleOf(version, items, truths) : undefined,
    );
    const [left, right] = balanceJudgments(samples);
    const costOf = costEstimator(byName(model)!, found.target, readPrices());
    const compared = {
      ...(left && { current: summarize(left) }),
      ...(right && { candidate: summarize(right) }),
      rows: compareMeasures(
        left && measureVersion(left, costOf, SEEDS.current),
        right && measureVersion(right, costOf, SEEDS.candidate),
      ),
    };
    const agreement = left && right && measureAgreement(left.served, right.served);
    return {
      model,
      from,
      to,
      ...compared,
      ...(agreement && { agreement }),
      read: { predictions: items.length, limit: MAX_READ, complete },
      recommendation: recommend(compared, {
        maxErrorRate: found.maxErrorRate,
        servedBefore: found.candidate === undefined,
      }),
      notes: notesOf([left, right], complete, gate.threshold),
    };
  },
);

export function toStepReport(
  { current, candidate, rows, recommendation }: Comparison,
  share: number,
  now: number,
): StepReport {
  const accuracy = rows.find(({ name }) => name === "accuracy");
  const stepOf = (version: ComparedVersion, side: "current" | "candidate") => {
    const { value, low, high } = accuracy?.[side] ?? {};
    return { ...version, ...(value !== undefined && { accuracy: { value, low: low!, high: high! } }) };
  };
  return {
    ...recommendation,
    share,
    at: new Date(now).toISOString(),
    ...(current && { current: stepOf(current, "current") }),
    ...(candidate && { candidate: stepOf(candidate, "candidate") }),
  };
}

function periodOf(query: { from?: string; to?: string }, since: string | undefined, now: number) {
  const to = query.to ? Date.parse(query.to) : now;
  const earliest = to - MAX_DAYS * DAY_MS;
  // S3's events have whole seconds: an upload right after the start has an earlier time.
  const start = since && Math.floor(Date.parse(since) / 1_000) * 1_000;
  const usual = start ? Math.max(earliest, start) : to - DEFAULT_DAYS * DAY_MS;
  const from = query.from ? Date.parse(query.from) : Math.min(usual, to);
  if (from > to || from < earliest)
    throw new SluiceError(
      "INPUT_INVALID",
      `from: must be before \`to\`, and at most ${MAX_DAYS} days before it.`,
    );
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

const newestVersion = (newestFirst: Prediction[], other: string | undefined) =>
  newestFirst.find(({ modelVersion }) => modelVersion && modelVersion !== other)?.modelVersion;

/** A failure that is the user's, such as an unreadable file, says nothing about the version. */
function sampleOf(
  version: string,
  items: Prediction[],
  truths: ReadonlyMap<string, TruthItem>,
): VersionSample {
  const served = items.filter((item) => item.modelVersion === version && isServed(item));
  const failures = items.filter(
    ({ status, error, modelVersion, fallbackFrom }) =>
      fallbackFrom === version ||
      (modelVersion === version && status === "failed" && error && isSystemError(error.code)),
  );
  const judgments = served.flatMap((item) => judgePrediction(item, truths.get(item.id)) ?? []);
  return { version, served, failures: failures.length, judgments };
}

const isServed = ({ status }: Prediction) => status === "completed" || status === "rejected";
const isSystemError = (code: string) => codes[code as ErrorCode]?.kind === "system";

/** Only random judgments, where both versions have enough of them: the others are wrong more often. */
function balanceJudgments(samples: (VersionSample | undefined)[]): (VersionSample | undefined)[] {
  const random = samples.map((sample) => sample?.judgments.filter((judgment) => judgment.random) ?? []);
  if (random.some((judgments) => judgments.length < MIN_JUDGED)) return samples;
  return samples.map((sample, at) => sample && { ...sample, judgments: random[at]! });
}

const summarize = ({ version, served, failures, judgments }: VersionSample): ComparedVersion => ({
  version,
  predictions: served.length,
  failures,
  judged: judgments.length,
});

function notesOf(samples: (VersionSample | undefined)[], complete: boolean, threshold: number): string[] {
  const biased = samples.some((sample) => sample?.judgments.some(({ random }) => !random));
  return [
    ...(complete ? [] : [`Only the newest ${MAX_READ} predictions of the period were read.`]),
    ...(biased
      ? [
          `The accuracy includes reviews of predictions below the threshold of ${threshold * 100} %, so it is lower than that of all predictions.`,
        ]
      : []),
  ];
}
