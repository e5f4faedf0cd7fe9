import { z } from "@hono/zod-openapi";
import { AlertRule } from "@sluice/core/alert/alert.ts";
import { testRule } from "@sluice/core/alert/deliver.ts";
import { AlertQuery, listAlerts, ListedAlert } from "@sluice/core/alert/list.ts";
import { addRule, listRules, NewAlertRule, removeRule } from "@sluice/core/alert/rules.ts";
import { createRouter } from "../http/router.ts";
import { created, json, ok, okPage, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("alerts");
const RuleId = z
  .string()
  .regex(/^[\w-]{1,80}$/, "is not the id of a rule")
  .openapi({ param: { name: "id", in: "path" } });
const params = z.object({ id: RuleId });
const Rule = AlertRule.openapi("AlertRule");

const listRoute = operation("read", "get", "/alerts", {
  summary: "List alerts, newest first",
  description: "`count`: how often it happened within an hour. Only the first one is delivered. " + PAGE_HINT,
  request: { query: AlertQuery },
  responses: okPage(ListedAlert.openapi("Alert")),
});

const rulesRoute = operation("read", "get", "/alerts/rules", {
  summary: "List the rules by which alerts are delivered, oldest first",
  description: "Secrets and paths of URLs are not returned.",
  responses: ok(z.object({ items: z.array(Rule) }), "All rules."),
});

const addRoute = operation("admin", "post", "/alerts/rules", {
  summary: "Add a rule: deliver alerts to a webhook, to Slack or to the SNS topic",
  description:
    "Without `model` and `kinds`, the rule matches all alerts. Alerts of `quiet` hours are delivered afterwards in one summary. " +
    "The response for a webhook contains its `secret`, which is not returned again.",
  request: json(NewAlertRule.openapi("NewAlertRule")),
  responses: created(
    z.object({ rule: Rule, secret: z.string().optional() }).openapi("AddedAlertRule"),
    "The rule is active.",
  ),
});

const removeRoute = operation("admin", "delete", "/alerts/rules/{id}", {
  summary: "Remove a rule",
  request: { params },
  responses: ok(Rule, "The removed rule."),
});

const testRoute = operation("admin", "post", "/alerts/rules/{id}/test", {
  summary: "Deliver a test message at once, without retries",
  request: { params },
  responses: ok(z.object({ notice: z.string() }).openapi("AlertTest"), "The receiver accepted the message."),
});

export const alertRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await listAlerts(c.req.valid("query"), Date.now()), 200))
  .openapi(rulesRoute, async (c) => c.json({ items: await listRules() }, 200))
  .openapi(addRoute, async (c) => {
    const rule = c.req.valid("json");
    return c.json(await addRule({ ...rule, by: c.var.caller.name, now: Date.now() }), 201);
  })
  .openapi(removeRoute, async (c) => c.json(await removeRule(c.req.valid("param").id), 200))
  .openapi(testRoute, async (c) => c.json(await testRule(c.req.valid("param").id, Date.now()), 200));
