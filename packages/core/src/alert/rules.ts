// The rules of delivery. A webhook's secret is returned once, when the rule is created.
import * as z from "zod";
import { runsLocally } from "../aws/runs-locally.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { parseWebhookUrl } from "./address.ts";
import type { AlertRuleItem } from "./alert.entity.ts";
import { AlertKind, AlertRule, Channel, QuietHours } from "./alert.ts";
import { createSecret } from "./signature.ts";

const MAX_RULES = 50;

export const NewAlertRule = z
  .strictObject({
    channel: Channel,
    url: z.string().max(2_000).optional(),
    model: z.string().optional(),
    kinds: z.array(AlertKind).min(1).optional(),
    quiet: QuietHours.optional(),
  })
  .refine(({ channel, url }) => (channel === "sns") === (url === undefined), {
    path: ["url"],
    error: "is required for `webhook` and `slack`, and must be absent for `sns`",
  });

export const addRule = fn(
  NewAlertRule.safeExtend({ by: z.string(), now: z.number() }),
  async ({ by, now, ...rule }): Promise<{ rule: AlertRule; secret?: string }> => {
    if (rule.model !== undefined) getModel(rule.model);
    if (rule.url !== undefined) parseWebhookUrl(rule.url, { allowLoopback: runsLocally() });
    if ((await readRules()).length >= MAX_RULES)
      throw new SluiceError("ALERT_RULES_FULL", `There are ${MAX_RULES} rules already.`);
    const secret = rule.channel === "webhook" ? createSecret() : undefined;
    const { data } = await db()
      .entities.alertRule.create(
        withoutUndefined({
          ...rule,
          id: orderedId("rul", now),
          secret,
          createdBy: by,
          createdAt: new Date(now).toISOString(),
        }),
      )
      .go();
    return { rule: showRule(data), ...(secret !== undefined && { secret }) };
  },
);

export async function readRules(): Promise<AlertRuleItem[]> {
  const { data } = await db().entities.alertRule.query.all({}).go({ pages: "all" });
  return data;
}

export const listRules = async (): Promise<AlertRule[]> => (await readRules()).map(showRule);

export async function findRule(id: string): Promise<AlertRuleItem | undefined> {
  const { data } = await db().entities.alertRule.get({ id }).go({ consistent: true });
  return data ?? undefined;
}

export async function getRule(id: string): Promise<AlertRuleItem> {
  const rule = await findRule(id);
  if (!rule) throw new SluiceError("ALERT_RULE_UNKNOWN", `There is no alert rule ${id}.`);
  return rule;
}

export async function removeRule(id: string): Promise<AlertRule> {
  const rule = await getRule(id);
  await db().entities.alertRule.delete({ id }).go();
  return showRule(rule);
}

/** Without the secret and the path of the URL: the schema drops unknown fields. */
const showRule = (item: AlertRuleItem): AlertRule =>
  AlertRule.parse({ ...item, ...(item.url !== undefined && { origin: new URL(item.url).origin }) });
