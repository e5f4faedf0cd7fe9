import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";

const minuteMs = 60_000;
/** An import's function may run for 15 minutes. */
const workMs = 17 * minuteMs;
/** The next receive of the message continues the import. A long queue may delay it. */
const retryMs = 4 * 60 * minuteMs;
/** Queues store messages for at most 28 days, dead letters included. */
const lookBackMs = 28 * 24 * 60 * minuteMs;

/** Fails imports whose worker died and whose message has no receives left. Returns their number. */
export async function failStalledImports(model: string, now: number): Promise<number> {
  const since = new Date(now - lookBackMs).toISOString();
  const { data } = await db()
    .entities.import.query.byModel({ model })
    .gte({ createdAt: since })
    .where((is, { eq }) => eq(is.status, "running"))
    .go({ pages: "all" });
  const finishedAt = new Date(now).toISOString();
  let failed = 0;
  for (const { id, source, changedAt, receives = 0 } of data) {
    const allowed = receives >= MAX_RECEIVES ? workMs : retryMs;
    if (now - Date.parse(changedAt) < allowed) continue;
    const { code, message, hint } = new SluiceError(
      "IMPORT_STALLED",
      `The import of ${source} stopped without a result; its last attempt began at ${changedAt}.`,
    );
    const { rejected } = await db()
      .entities.import.update({ id })
      .set({
        status: "failed",
        error: { code, message, hint },
        redrivable: true,
        finishedAt,
        changedAt: finishedAt,
      })
      .where((is, { eq }) => `${eq(is.status, "running")} AND ${eq(is.changedAt, changedAt)}`)
      .go({ response: "none", returnOnConditionCheckFailure: true });
    if (!rejected) failed += 1;
  }
  return failed;
}
