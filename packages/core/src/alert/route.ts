// Sends an alert to the queue of deliveries for each matching rule, or holds it during the rule's quiet hours.
import { db } from "../db.ts";
import { log } from "../log.ts";
import type { AlertRuleItem } from "./alert.entity.ts";
import type { Alert } from "./alert.ts";
import { queueDelivery } from "./delivery-message.ts";
import { alertNotice } from "./notice.ts";
import { isQuiet } from "./quiet-hours.ts";
import { readRules } from "./rules.ts";

/** Longer than any quiet hours, in case summaries cannot be sent for days. */
const HELD_SECONDS = 14 * 86_400;

/** May run again for the same alert: deliveries then have the same ids. */
export async function routeAlert(alert: Alert, now: number): Promise<void> {
  const rules = (await readRules()).filter((rule) => matches(rule, alert));
  for (const rule of rules) {
    if (isQuiet(rule.quiet, now)) await hold(rule.id, alert, now);
    else await queueDelivery({ rule: rule.id, notice: alertNotice(rule.id, alert) });
  }
  log().info("Alert routed", { alert: alert.id, rules: rules.length });
}

const matches = ({ model, kinds }: AlertRuleItem, alert: Alert) =>
  (model === undefined || model === alert.model) && (kinds === undefined || kinds.includes(alert.kind));

async function hold(rule: string, alert: Alert, now: number) {
  await db()
    .entities.heldAlert.put({
      rule,
      alert: alert.id,
      detail: alert,
      expires: Math.floor(now / 1_000) + HELD_SECONDS,
    })
    .go({ response: "none" });
}
