// Moves a model's deployment forward as far as possible. Two calls at once are safe: a step is written only by the
// caller that read the step before it.
import { setTimeout as wait } from "node:timers/promises";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { db } from "../db.ts";
import { SluiceError, toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { isQuotaExceeded } from "../quota/shortage.ts";
import { getVersion } from "../version/read.ts";
import { removeFailed } from "./cleanup.ts";
import type { DeploymentStep } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { resolveShortage } from "./cap.ts";
import { failStep, noCandidate, type Next } from "./next.ts";
import { getRunningDeployment } from "./read.ts";
import { restoreScaling } from "./scaling.ts";
import { ensureEndpoint } from "./serving.ts";
import { steps } from "./steps.ts";
import { updateDeployment } from "./write.ts";

/** More than the number of steps and shares: stops an endless loop. */
const MAX_TURNS = 40;
const MINUTE_MS = 60_000;
const MAX_PREPARATIONS = 3;
const preparedAgain = "Its SageMaker model or config was removed meanwhile; created again.";
/** How long a step may wait. `shifting` has no limit: its share holds as long as requested. */
const timeoutMs: Partial<Record<DeploymentStep, number>> = {
  preparing: 10 * MINUTE_MS,
  candidate: 40 * MINUTE_MS,
  smoke: 10 * MINUTE_MS,
  live: 40 * MINUTE_MS,
  verifying: 10 * MINUTE_MS,
};

export async function advanceDeployments(now: () => number): Promise<void> {
  const { data } = await db().entities.deployment.query.byStatus({ status: "running" }).go({ pages: "all" });
  for (const { model } of data) await advanceDeployment(model, now);
}

export async function advanceDeployment(model: string, now: () => number): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const item = await getRunningDeployment(model);
    if (!item) return removeFailed(model);
    const next = await runStep(item, now());
    if (!next) return;
    const fails = next.to.status === "failed";
    if (fails) {
      await restoreConfig(item);
      await restoreScaling(item);
    }
    const to = fails ? { ...next.to, finishedAt: new Date(now()).toISOString() } : next.to;
    const traffic = fails ? { ...noCandidate, opening: null } : next.traffic;
    const moved = await updateDeployment(item, to, now(), traffic);
    if (fails && moved) log().error("Deployment failed", { deployment: item.id, reason: to.reason });
    // Another caller wrote the record: read it again before the next step.
    if (!moved) await wait(turn * 20);
  }
}

async function runStep(item: DeploymentItem, now: number): Promise<Next | undefined> {
  const version = await getVersion(item.model, item.version);
  try {
    return (await steps[item.step](item, version, now)) ?? timedOut(item, now);
  } catch (thrown) {
    if (isQuotaExceeded(thrown)) return (await resolveShortage(item, version, thrown)) ?? timedOut(item, now);
    if (isTransient(thrown)) throw thrown;
    if (canPrepareAgain(item, thrown)) return { to: { step: "preparing", note: preparedAgain } };
    const { code, message } = toSluiceError(thrown);
    return failStep(`${code}: ${message}`);
  }
}

/** The cleanup of an earlier deployment may remove a config that this deployment has just found. */
function canPrepareAgain({ step, times }: DeploymentItem, thrown: unknown): boolean {
  const preparations = times.filter(({ note }) => note === preparedAgain).length;
  return isMissing(thrown) && step !== "cleanup" && preparations < MAX_PREPARATIONS;
}

function timedOut({ step, times }: DeploymentItem, now: number): Next | undefined {
  const since = Date.parse(times.findLast((one) => one.step === step)?.at ?? "");
  const timeout = timeoutMs[step];
  if (!timeout || now - since < timeout) return undefined;
  return failStep(`The step "${step}" did not finish within ${timeout / MINUTE_MS} minutes.`);
}

/** The caller, or the next scheduled run, tries again. */
function isTransient(error: unknown): boolean {
  if (error instanceof SluiceError) return error.retryable;
  const { name = "", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return (
    /Throttl|TooManyRequests|Timeout|ECONN|InternalFailure|ServiceUnavailable/.test(name) ||
    ($metadata?.httpStatusCode ?? 0) >= 500
  );
}

/** Rolls back an update whose checks failed after it took effect. */
async function restoreConfig({ step, model, endpoint, config, previous }: DeploymentItem): Promise<void> {
  if (step !== "verifying" || !previous?.config || previous.config === config) return;
  await ensureEndpoint(model, endpoint, previous.config, 0).catch((error: unknown) => {
    log().error("The previous config could not be restored", { endpoint, error: String(error) });
  });
}
