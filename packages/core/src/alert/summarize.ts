// After the quiet hours of a rule, its held alerts become one summary.
import { db } from "../db.ts";
import type { AlertRuleItem } from "./alert.entity.ts";
import { queueDelivery } from "./delivery-message.ts";
import { summaryNotice } from "./notice.ts";
import { isQuiet } from "./quiet-hours.ts";
import { readRules } from "./rules.ts";

export async function sendSummaries(now: number): Promise<void> {
  for (const rule of await readRules()) if (rule.quiet && !isQuiet(rule.quiet, now)) await sendSummary(rule);
}

/** Queues before it deletes: after a crash in between, the same summary is sent again with the same id. */
async function sendSummary({ id: rule }: AlertRuleItem): Promise<void> {
  const { heldAlert } = db().entities;
  const { data: held } = await heldAlert.query.byRule({ rule }).go({ pages: "all", consistent: true });
  if (held.length === 0) return;
  const alerts = held
    .map(({ detail }) => detail)
    .toSorted((one, other) => one.changedAt.localeCompare(other.changedAt));
  await queueDelivery({ rule, notice: summaryNotice(rule, alerts) });
  for (const { alert } of held) await heldAlert.delete({ rule, alert }).go();
}
