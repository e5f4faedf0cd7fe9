// Moves a model's deployment on as far as it goes now. Whoever learns something calls this: an endpoint's event, a
// request, the clock. Two at once do no harm: each step is written only by who saw the one before.
import { setTimeout as wait } from "node:timers/promises";
import { SluiceError, toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { isMissing } from "./answers.ts";
import { fromVersion } from "../version/read.ts";
import { tidy } from "./collect.ts";
import type { DeploymentStep } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { failed, noCandidate, type Next } from "./next.ts";
import { running } from "./read.ts";
import { rescale } from "./scaling.ts";
import { raise } from "./serving.ts";
import { steps } from "./steps.ts";
import { move } from "./write.ts";

/** More than there are steps and shares: an end to going round in circles. */
const mostTurns = 40;
const MINUTE_MS = 60_000;
const mostPreparations = 3;
const madeAgain = "Its SageMaker model or config was removed meanwhile; created again.";
/** How long a step may be waited at; a share of the traffic is held as long as it is wanted. */
const patienceMs: Partial<Record<DeploymentStep, number>> = {
  preparing: 10 * MINUTE_MS,
  candidate: 40 * MINUTE_MS,
  smoke: 10 * MINUTE_MS,
  live: 40 * MINUTE_MS,
  proving: 10 * MINUTE_MS,
};

export async function advance(model: string, now: () => number): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const item = await running(model);
    if (!item) return tidy(model);
    const next = await look(item, now());
    if (!next) return;
    const ends = next.to.status === "failed";
    if (ends) {
      await restore(item);
      await rescale(item);
    }
    const to = ends ? { ...next.to, finishedAt: new Date(now()).toISOString() } : next.to;
    const traffic = ends ? { ...noCandidate, opening: null } : next.traffic;
    const moved = await move(item, to, now(), traffic);
    if (ends && moved) log().error("Deployment failed", { deployment: item.id, reason: to.reason });
    // Somebody else wrote: what they made of it is read before anything more is done.
    if (!moved) await wait(turn * 20);
  }
}

async function look(item: DeploymentItem, now: number): Promise<Next | undefined> {
  try {
    const next = await steps[item.step](item, await fromVersion(item.model, item.version), now);
    return next ?? overdue(item, now);
  } catch (thrown) {
    if (passing(thrown)) throw thrown;
    if (canPrepareAgain(item, thrown)) return { to: { step: "preparing", note: madeAgain } };
    const { code, message } = toSluiceError(thrown);
    return failed(`${code}: ${message}`);
  }
}

/** The collector of the deployment before may remove a config that this one has just found. */
function canPrepareAgain({ step, times }: DeploymentItem, thrown: unknown): boolean {
  const again = times.filter(({ note }: { note?: string }) => note === madeAgain).length;
  return isMissing(thrown) && step !== "collecting" && again < mostPreparations;
}

function overdue({ step, times }: DeploymentItem, now: number): Next | undefined {
  const since = Date.parse(
    times.findLast((one: { step: string; at: string }) => one.step === step)?.at ?? "",
  );
  const patience = patienceMs[step];
  if (!patience || now - since < patience) return undefined;
  return failed(`Nothing came of the step "${step}" in ${patience / MINUTE_MS} minutes.`);
}

/** Worth another try by whoever called, or by the clock. */
function passing(error: unknown): boolean {
  if (error instanceof SluiceError) return error.retryable;
  const { name = "", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return (
    /Throttl|TooManyRequests|Timeout|ECONN|InternalFailure|ServiceUnavailable/.test(name) ||
    ($metadata?.httpStatusCode ?? 0) >= 500
  );
}

/** An update that turned out wrong after it took effect is taken back. */
async function restore({ step, model, endpoint, config, previous }: DeploymentItem): Promise<void> {
  if (step !== "proving" || !previous?.config || previous.config === config) return;
  await raise(model, endpoint, previous.config, 0).catch((error: unknown) => {
    log().error("The config before could not be restored", { endpoint, error: String(error) });
  });
}
