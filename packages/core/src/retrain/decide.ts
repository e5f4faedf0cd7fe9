// Decides whether a model is retrained: a pure function of facts, so that every decision can be explained and tested.
import { seconds } from "@sluice/models/duration.ts";
import type { Model } from "@sluice/models/index.ts";
import type { Decision, Reason, Trigger } from "./retrain.ts";

export interface Facts {
  /** Epoch ms. */
  now: number;
  /** The model's declaration. */
  declared?: Model["retrain"];
  running?: { name: string; status: string };
  /** The last run that became a job. A run without a job cost nothing, so it starts no cooldown. */
  lastJob?: { createdAt: string };
  /** The last run, if it never became a job. */
  failed?: { name: string; createdAt: string };
  /** Labels added or changed since the last job. */
  labels: { count: number; newest: string };
  /** Those of them since the drift or the low accuracy began: older ones do not show what changed. */
  recentLabels?: number;
  /** US dollars of this month's runs. */
  spent: number;
  /** The newest drift since the last job. */
  drift?: Drift;
  /** The newest week with low accuracy that ended after the last job. */
  accuracy?: { from: string; high: number; bound: number; count: number };
}

export interface Drift {
  reason: string;
  harm?: { metric: string; baseline?: number; estimated: number; high: number };
}

/** Labels needed for drift or low accuracy, as a share of `minimumNewLabels`. Without any, the model would not change. */
const URGENT_SHARE = 0.5;

const no = (reason: Reason, explanation: string): Decision => ({ act: false, reason, explanation });

export function decide(facts: Facts, trigger: Trigger): Decision {
  const unmet = unmetConditions(facts, trigger)[0];
  if (unmet) return unmet;
  if (trigger === "schedule")
    return { act: true, reason: "schedule", explanation: "It is a declared time for a training." };
  const { labels } = facts;
  const cause = urgentCause(facts);
  if (cause && hasRecentLabels(facts))
    return {
      act: true,
      ...cause,
      explanation: `${cause.explanation} ${countRecent(facts)} labels since then.`,
    };
  return { act: true, reason: "new-labels", explanation: `${labels.count} new labels.` };
}

/** Everything that prevents a training now, the most important first. */
export function unmetConditions(facts: Facts, trigger: Trigger): Decision[] {
  const { declared } = facts;
  if (!declared) return [no("not-declared", "The declaration has no `retrain`.")];
  const always = [checkRunning(facts), checkBudget(facts, declared.budget)];
  const [running, budget] = always;
  const all =
    trigger === "schedule"
      ? always
      : [
          running,
          checkCooldown(facts, declared.cooldown),
          checkFailed(facts),
          checkLabels(facts, trigger),
          budget,
        ];
  return all.filter((one) => one !== undefined);
}

const checkRunning = ({ running }: Facts) =>
  running && no("running", `${running.name} is ${running.status}.`);

function checkCooldown({ lastJob, now }: Facts, cooldown: NonNullable<Model["retrain"]>["cooldown"]) {
  const end = lastJob ? Date.parse(lastJob.createdAt) + seconds(cooldown) * 1_000 : 0;
  return end > now
    ? no("cooldown", `The cooldown of ${cooldown} lasts until ${new Date(end).toISOString()}.`)
    : undefined;
}

const checkFailed = ({ failed, labels }: Facts) =>
  failed && labels.newest <= failed.createdAt
    ? no("no-new-labels", `${failed.name} failed, and there are no new labels since.`)
    : undefined;

function checkLabels(facts: Facts, trigger: Trigger) {
  const { labels } = facts;
  const minimum = facts.declared?.minimumNewLabels ?? 0;
  if (labels.count >= minimum || hasRecentLabels(facts)) return undefined;
  const missing = urgentCause(facts)
    ? `${countRecent(facts)} of ${urgentMinimum(facts)} labels since then.`
    : `${labels.count} of ${minimum} new labels.`;
  const harmless = trigger === "drift" && facts.drift ? explainHarmlessDrift(facts) : undefined;
  return harmless
    ? no(harmless.reason, `${harmless.explanation} ${missing}`)
    : no("few-labels", [urgentCause(facts)?.explanation, missing].filter(Boolean).join(" "));
}

const countRecent = ({ recentLabels, labels }: Facts) => recentLabels ?? labels.count;

const urgentMinimum = ({ declared }: Facts) => Math.ceil((declared?.minimumNewLabels ?? 0) * URGENT_SHARE);

const hasRecentLabels = (facts: Facts) =>
  urgentCause(facts) !== undefined && countRecent(facts) >= urgentMinimum(facts);

function checkBudget({ spent }: Facts, budget: number) {
  return spent >= budget
    ? no("budget", `$${spent.toFixed(2)} of this month's $${budget} are spent.`)
    : undefined;
}

/** Drift with estimated harm, or low accuracy. */
export function urgentCause(facts: Facts): { reason: "drift" | "accuracy"; explanation: string } | undefined {
  const { accuracy, drift } = facts;
  if (accuracy)
    return {
      reason: "accuracy",
      explanation:
        `The real accuracy of the week of ${accuracy.from.slice(0, 10)} is at most ${formatShare(accuracy.high)} ` +
        `(${accuracy.count} items); the declared bound is ${formatShare(accuracy.bound)}.`,
    };
  if (!drift || explainHarmlessDrift(facts)) return undefined;
  const { metric, baseline, estimated } = drift.harm!;
  return {
    reason: "drift",
    explanation: `Drift: ${metric} fell from ${formatShare(baseline!)} to an estimated ${formatShare(estimated)}.`,
  };
}

/** Why the drift is no reason to retrain. Undefined if its whole interval is below the baseline. */
function explainHarmlessDrift({ declared, drift }: Facts) {
  if (!declared?.drift)
    return { reason: "drift-ignored" as const, explanation: "The declaration ignores drift." };
  const harm = drift?.harm;
  if (harm?.baseline === undefined)
    return { reason: "harm-unknown" as const, explanation: "The harm of the drift cannot be estimated." };
  if (harm.high >= harm.baseline)
    return {
      reason: "no-harm" as const,
      explanation: `The drift does no clear harm: ${harm.metric} may still be ${formatShare(harm.high)}, and was ${formatShare(harm.baseline)}.`,
    };
  return undefined;
}

const formatShare = (share: number) => `${(share * 100).toFixed(1)} %`;
