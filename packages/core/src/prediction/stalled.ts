import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { publish } from "../event/publish.ts";
import { changedAt, open } from "./new-prediction.ts";
import { eventsOfRecord } from "./outcome-events.ts";
import { shardsOf } from "./shard.ts";
import { failureOf } from "./write-outcomes.ts";

/** Longer than the queue retries: five receives, each hidden for several times the worker's timeout. */
const STALLED_MS = 2 * 60 * 60 * 1_000;

/** Fails predictions that have been processing for so long that no message of them is left. Returns how many. */
export async function failStalledPredictions(model: string, now: number): Promise<number> {
  const since = new Date(now - STALLED_MS).toISOString();
  const shards = await Promise.all(
    shardsOf(open).map((bucket) =>
      db()
        .entities.prediction.query.byStatus({ model, status: "processing", bucket })
        .where((is, { lt }) => lt(is.changedAt, since))
        .go({ pages: "all" }),
    ),
  );
  let failed = 0;
  for (const item of shards.flatMap(({ data }) => data)) {
    const error = failureOf(
      new SluiceError("PROCESSING_STALLED", `Its worker has not reported since ${item.changedAt}.`, {
        cause: item.error,
      }),
    );
    const { rejected } = await db()
      .entities.prediction.update({ id: item.id })
      .set({
        status: "failed",
        error,
        redrivable: true,
        leaseUntil: 0,
        finishedAt: new Date(now).toISOString(),
        model,
        day: item.day,
        bucket: item.day,
        createdAt: item.createdAt,
        ...changedAt(now),
      })
      .where((is, { eq }) => `${eq(is.status, "processing")} AND ${eq(is.changedAt, item.changedAt)}`)
      .go({ response: "none", returnOnConditionCheckFailure: true });
    if (rejected) continue;
    failed += 1;
    await publish(
      eventsOfRecord({ ...item, status: "failed", error, changedAt: new Date(now).toISOString() }),
    );
  }
  return failed;
}
