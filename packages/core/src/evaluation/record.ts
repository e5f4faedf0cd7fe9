// Records the end of an evaluation: its metrics, and the policy's decision. Safe to repeat.
import { DescribeProcessingJobCommand } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { db } from "../db.ts";
import { invalidInput, toSluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import { getRunItem } from "../training/read.ts";
import { getVersion } from "../version/read.ts";
import { changedEvent } from "../version/version.event.ts";
import { ModelVersion } from "../version/version.ts";
import { evaluationFolder } from "./job.ts";
import { metricsOf } from "./metrics.ts";
import type { Evaluation } from "./evaluation.ts";
import { applyPolicy, type PolicyDecision, type Retrained } from "./policy.ts";
import { readEvaluation } from "./read.ts";
import { servingVersion } from "./serving.ts";

const final = new Set(["Completed", "Failed", "Stopped"]);

const JobEvent = z.object({
  source: z.literal("aws.sagemaker"),
  detail: z.object({ ProcessingJobName: z.string().min(1) }),
});

/** The job that SageMaker's state-change event is about. */
function jobOfEvent(event: unknown): string {
  const parsed = JobEvent.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  return parsed.data.detail.ProcessingJobName;
}

const runningEvaluations = async () =>
  (await db().entities.modelVersion.query.byEvaluation({ evaluation: "running" }).go({ pages: "all" })).data;

/** Ignores the event of another stage's job, whose name may start with this stage's. */
export async function handleJobEvent(event: unknown, now: number): Promise<void> {
  const job = jobOfEvent(event);
  const isKnown = (await runningEvaluations()).some(({ evaluationJob }) => evaluationJob === job);
  if (isKnown) await recordEvaluation(job, now);
}

/** Reads the job's state from SageMaker: an event may be out of date. */
async function recordEvaluation(job: string, now: number): Promise<void> {
  const found = await sagemaker().send(new DescribeProcessingJobCommand({ ProcessingJobName: job }));
  const { SLUICE_MODEL: model, SLUICE_VERSION: version, SLUICE_RIVAL: rival } = found.Environment ?? {};
  if (!model || !version || !final.has(found.ProcessingJobStatus ?? "")) return;
  const item = await getVersion(model, version);
  if (item.evaluationJob !== job || item.evaluation !== "running") return;
  const reason = found.FailureReason ?? found.ExitMessage ?? "no reason was given";
  const outcome =
    found.ProcessingJobStatus === "Completed"
      ? await outcomeOf(item, job, rival)
      : failure(item, `Its evaluation ${found.ProcessingJobStatus?.toLowerCase()}: ${reason}`);
  await write(item, outcome, now);
}

/** Evaluations that ended without an event. */
export async function recordMissedEvaluations(now: number): Promise<void> {
  for (const item of await runningEvaluations()) {
    try {
      await recordEvaluation(item.evaluationJob!, now);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await write(ModelVersion.parse(item), failure(item, "Its evaluation job no longer exists."), now);
    }
  }
}

/** For a version whose evaluation could not be started. */
export async function failEvaluation(
  { model, version, createdAt }: ModelVersion,
  reason: string,
  now: number,
): Promise<void> {
  const changedAt = new Date(now).toISOString();
  await commit([], now, ({ modelVersion }) => [
    modelVersion
      .patch({ model, version })
      .set({ evaluation: "failed", status: "failed", reason, createdAt, changedAt })
      .where((is, { eq }) => `${eq(is.evaluation, "none")} AND ${eq(is.status, "evaluating")}`)
      .commit(),
  ]);
}

type Outcome = Pick<ModelVersion, "evaluation" | "status" | "reason" | "metrics" | "evaluationKey">;

async function outcomeOf(item: ModelVersion, job: string, rival: string | undefined): Promise<Outcome> {
  const folder = evaluationFolder(item.model, item.version, job);
  try {
    const evaluationKey = `${folder}evaluation.json`;
    const evaluation = await readEvaluation(evaluationKey);
    const metrics = metricsOf(evaluation);
    const current = await servingVersion(item);
    const compared = current && current.version === rival ? await readRival(folder) : undefined;
    const decision = applyPolicy(
      byName(item.model)!.policy.deploy,
      metrics,
      current && { version: current.version, metrics: compared && metricsOf(compared) },
      await retrainedBy(item, evaluation, compared),
    );
    return { ...statusAfter(item, decision), evaluation: "done", metrics, evaluationKey };
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.retryable || error.code === "UNEXPECTED") throw thrown;
    return failure(item, `Its evaluation cannot be read. ${error.message}`);
  }
}

/** Undefined for a version that no automatic training produced. */
async function retrainedBy(
  { model, run }: ModelVersion,
  own: Evaluation,
  live: Evaluation | undefined,
): Promise<Retrained | undefined> {
  const margin = byName(model)?.retrain?.margin;
  const training = run === undefined ? undefined : await getRunItem(run);
  if (margin === undefined || !training?.requestedBy?.startsWith("retrain: ")) return undefined;
  if (!own.reviewed) return { margin };
  const reviewed = { metrics: metricsOf(own.reviewed), live: live?.reviewed && metricsOf(live.reviewed) };
  return { margin, reviewed };
}

/** Of the live version on the same items. The new version is not failed when the live one cannot be measured. */
async function readRival(folder: string): Promise<Evaluation | undefined> {
  try {
    return await readEvaluation(`${folder}rival.json`);
  } catch (thrown) {
    const { code, retryable } = toSluiceError(thrown);
    if (retryable || code === "UNEXPECTED") throw thrown;
    return undefined;
  }
}

/** A version is accepted or refused once. A later evaluation updates its metrics, never its status. */
function statusAfter(
  { status }: ModelVersion,
  { accepted, reason }: PolicyDecision,
): Pick<Outcome, "status" | "reason"> {
  const decided = accepted ? "accepted" : "refused";
  if (status !== "accepted" && status !== "refused") return { status: decided, reason };
  return {
    status,
    reason: status === decided ? reason : `${reason} It stays ${status}, as decided before.`,
  };
}

function failure({ status }: Pick<ModelVersion, "status">, reason: string): Outcome {
  return { evaluation: "failed", status: status === "evaluating" ? "failed" : status, reason };
}

async function write(item: ModelVersion, outcome: Outcome, now: number): Promise<void> {
  const changedAt = new Date(now).toISOString();
  const { metrics = item.metrics, evaluationKey = item.evaluationKey } = outcome;
  const next: ModelVersion = { ...item, ...outcome, metrics, evaluationKey, changedAt };
  const { model, version, createdAt } = item;
  const { evaluation, status, reason } = next;
  const decided = status !== item.status && (status === "accepted" || status === "refused");
  const events = decided ? [changedEvent(`version.${status}`, next, now)] : [];
  const written = await commit(events, now, ({ modelVersion }) => [
    modelVersion
      .patch({ model, version })
      .set({ evaluation, status, reason, metrics, evaluationKey, createdAt, changedAt })
      .where(
        (is, { eq }) => `${eq(is.evaluationJob, item.evaluationJob)} AND ${eq(is.evaluation, "running")}`,
      )
      .commit(),
  ]);
  if (written) log().info("Evaluation recorded", { model, version, status, reason, metrics });
}
