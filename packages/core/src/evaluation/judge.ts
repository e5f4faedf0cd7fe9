// An evaluation's end becomes the version's figures and the policy's verdict, however often and from whom it is heard.
import { DescribeProcessingJobCommand } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { db } from "../db.ts";
import { isMissing } from "../deployment/answers.ts";
import { toSluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { log } from "../log.ts";
import { fromVersion } from "../version/read.ts";
import { told } from "../version/register.ts";
import { ModelVersion } from "../version/version.ts";
import { metricsOf } from "./metrics.ts";
import { type Verdict, verdictOn } from "./policy.ts";
import { readEvaluation } from "./read.ts";
import { serving } from "./serving.ts";
import { evaluationFolder } from "./start.ts";

const ended = new Set(["Completed", "Failed", "Stopped"]);

/** By the job's name alone: what an event says of it may be old. */
export async function judge(job: string, now: number): Promise<void> {
  const found = await sagemaker().send(new DescribeProcessingJobCommand({ ProcessingJobName: job }));
  const { SLUICE_MODEL: model, SLUICE_VERSION: version, SLUICE_RIVAL: rival } = found.Environment ?? {};
  if (!model || !version || !ended.has(found.ProcessingJobStatus ?? "")) return;
  const item = await fromVersion(model, version);
  if (item.evaluationJob !== job || item.evaluation !== "running") return;
  const failure = found.FailureReason ?? found.ExitMessage ?? "no reason was given";
  const outcome =
    found.ProcessingJobStatus === "Completed"
      ? await outcomeOf(item, job, rival)
      : broken(item, `Its evaluation ${found.ProcessingJobStatus?.toLowerCase()}: ${failure}`);
  await write(item, outcome, now);
}

/** The evaluations whose end nobody told of. */
export async function judgeMissed(now: number): Promise<void> {
  const { data } = await db()
    .entities.modelVersion.query.byEvaluation({ evaluation: "running" })
    .go({ pages: "all" });
  for (const item of data) {
    try {
      await judge(item.evaluationJob!, now);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await write(ModelVersion.parse(item), broken(item, "Its evaluation job no longer exists."), now);
    }
  }
}

/** One whose evaluation cannot even begin has failed: nobody should wait for its verdict. */
export async function unjudged({ model, version, createdAt }: ModelVersion, reason: string, now: number) {
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
    const metrics = metricsOf(await readEvaluation(evaluationKey));
    const current = await serving(item);
    const beside = current && current.version === rival ? await figuresOf(`${folder}rival.json`) : undefined;
    const verdict = verdictOn(
      byName(item.model)!.policy.deploy,
      metrics,
      current && { version: current.version, metrics: beside },
    );
    return { ...decided(item, verdict), evaluation: "done", metrics, evaluationKey };
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.retryable || error.code === "UNEXPECTED") throw thrown;
    return broken(item, `Its evaluation cannot be read. ${error.message}`);
  }
}

/** Of the version that serves, on the same items. It may answer them no longer: that is no fault of the new one. */
async function figuresOf(key: string): Promise<Record<string, number> | undefined> {
  try {
    return metricsOf(await readEvaluation(key));
  } catch (thrown) {
    const { code, retryable } = toSluiceError(thrown);
    if (retryable || code === "UNEXPECTED") throw thrown;
    return undefined;
  }
}

/** Decided once: another evaluation brings figures and an opinion, and never takes from service what serves. */
function decided(
  { status }: ModelVersion,
  { accepted, reason }: Verdict,
): Pick<Outcome, "status" | "reason"> {
  const now = accepted ? "accepted" : "refused";
  if (status !== "accepted" && status !== "refused") return { status: now, reason };
  return { status, reason: status === now ? reason : `${reason} It was ${status} before; that stands.` };
}

/** What was decided before stands; one that was never judged has failed. */
function broken({ status }: Pick<ModelVersion, "status">, reason: string): Outcome {
  return { evaluation: "failed", status: status === "evaluating" ? "failed" : status, reason };
}

async function write(item: ModelVersion, outcome: Outcome, now: number): Promise<void> {
  const changedAt = new Date(now).toISOString();
  const { metrics = item.metrics, evaluationKey = item.evaluationKey } = outcome;
  const next: ModelVersion = { ...item, ...outcome, metrics, evaluationKey, changedAt };
  const news = next.status !== item.status && (next.status === "accepted" || next.status === "refused");
  const events = news ? [told(`version.${next.status as "accepted" | "refused"}`, next, now)] : [];
  const { model, version, createdAt } = item;
  const written = await commit(events, now, ({ modelVersion }) => [
    modelVersion
      .patch({ model, version })
      .set({
        evaluation: next.evaluation,
        status: next.status,
        reason: next.reason,
        metrics,
        evaluationKey,
        createdAt,
        changedAt,
      })
      .where(
        (is, { eq }) => `${eq(is.evaluationJob, item.evaluationJob)} AND ${eq(is.evaluation, "running")}`,
      )
      .commit(),
  ]);
  if (written)
    log().info("Version judged", {
      model,
      version,
      status: next.status,
      reason: next.reason,
      metrics,
    });
}
