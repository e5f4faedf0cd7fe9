// Decides about a retraining, and starts it. Every cause is decided once.
import { byName, models } from "@sluice/models/index.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { recordRefusal } from "../training/refuse.ts";
import { startTraining } from "../training/start.ts";
import { decide, urgentCause } from "./decide.ts";
import { type Asked, decidedEvent, findDecision, storeRefusal } from "./decisions.ts";
import { readFacts } from "./facts.ts";
import type { Decision, Reason, RetrainDecision } from "./retrain.ts";

/** The requester that a run names. */
const REQUESTERS: Partial<Record<Reason, string>> = { "new-labels": "retrain: new labels" };

/** Undefined if nothing was stored: the model declares no retraining, or a "no" repeats the last one. */
export async function checkRetrain(
  model: string,
  asked: Asked,
  now: number,
): Promise<RetrainDecision | undefined> {
  if (!byName(model)?.retrain && asked.trigger !== "manual") return undefined;
  const earlier = asked.cause && (await findDecision(model, asked.cause));
  if (earlier) return earlier;
  const decision = decide(await readFacts(model, now), asked.trigger);
  const decided = decision.act
    ? await start(model, asked, decision, now)
    : await storeRefusal(model, asked, decision, now);
  log().info("Retraining decided", { model, ...(decided ?? decision) });
  return decided;
}

/** For labels that arrived during a training or a cooldown. A failure of one model does not stop the others. */
export async function checkAll(now: number): Promise<void> {
  for (const { name, retrain } of models) {
    if (!retrain) continue;
    await checkDue(name, now).catch((error: unknown) =>
      log().error("The retraining check failed", { model: name, error: String(error) }),
    );
  }
}

async function checkDue(model: string, now: number) {
  const trigger = urgentCause(await readFacts(model, now))?.reason ?? "labels";
  return checkRetrain(model, { trigger }, now);
}

async function start(
  model: string,
  asked: Asked,
  decision: Decision,
  now: number,
): Promise<RetrainDecision | undefined> {
  const requestedBy = REQUESTERS[decision.reason] ?? `retrain: ${decision.reason}`;
  const productionDays = byName(model)?.retrain?.days;
  let decided: RetrainDecision | undefined;
  const record = (of: Decision) => (run: string) => {
    const event = decidedEvent(model, asked, { ...of, run }, now);
    decided = event.detail;
    return event;
  };
  try {
    await startTraining(model, {}, { requestedBy, productionDays, now, record: record(decision) });
    return decided;
  } catch (thrown) {
    const { kind, code, message } = toSluiceError(thrown);
    // Another run, or another delivery of the same cause, was faster.
    if (code === "TRAINING_BUSY")
      return storeRefusal(model, asked, { act: false, reason: "running", explanation: message }, now);
    if (kind === "system") throw thrown;
    const failed = { act: false, reason: "start-failed", explanation: `${code}: ${message}` } as const;
    const context = { requestedBy, now, record: record(failed) };
    const recorded = await recordRefusal(model, toSluiceError(thrown), context);
    if (recorded) return decided;
    return asked.cause && findDecision(model, asked.cause);
  }
}
