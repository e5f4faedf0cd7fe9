// Which events become alerts, which of them are delivered, and when.
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { DeliveryMessage } from "@sluice/core/alert/delivery-message.ts";
import type { AlertSource } from "@sluice/core/alert/describe.ts";
import { listAlerts } from "@sluice/core/alert/list.ts";
import { raiseAlert } from "@sluice/core/alert/raise.ts";
import { routeAlert } from "@sluice/core/alert/route.ts";
import { addRule, listRules, removeRule } from "@sluice/core/alert/rules.ts";
import { sendSummaries } from "@sluice/core/alert/summarize.ts";
import type { Alert } from "@sluice/core/alert/alert.ts";
import type { DeploymentItem } from "@sluice/core/deployment/deployment.entity.ts";
import { changedEvent } from "@sluice/core/deployment/deployment.event.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { stage } from "./stage.ts";

const { works, events } = edges();
let cloud: Awaited<ReturnType<typeof stage>>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await stage();
  sqs = new SQSClient({});
});
afterAll(() => cloud.dispose());
beforeEach(() => works());
afterEach(async () => {
  for (const { id } of await listRules()) await removeRule(id);
});

const HOUR = 3_600_000;
/** 13:00 in Berlin. */
let now = Date.parse("2026-03-02T12:00:00Z");
const at = () => new Date(now).toISOString();

const training = (model: string, name: string, status = "Failed") =>
  ({
    type: "training.changed",
    detail: { name, model, status, failureReason: "AlgorithmError", changedAt: at() },
  }) as AlertSource;
const drift = (model: string, id: string) =>
  ({
    type: "drift.detected",
    detail: { id, model, from: at(), to: at(), count: 500, reason: "brightness fell", changedAt: at() },
  }) as AlertSource;

/** Alerts that were raised since the test began, as the bus received them. */
const raised = () =>
  events()
    .filter(({ type }) => type === "alert.raised")
    .map(({ detail }) => detail as Alert);

/** Everything in the queue of deliveries. */
async function deliveries(): Promise<DeliveryMessage[]> {
  const QueueUrl = cloud.queueUrl.replace("vehicles", "alerts");
  const found: DeliveryMessage[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return found;
    for (const { Body, ReceiptHandle } of Messages) {
      found.push(JSON.parse(Body!) as DeliveryMessage);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const rule = async (options: Partial<Parameters<typeof addRule>[0]> = {}) =>
  (await addRule({ channel: "sns", by: "somebody", now, ...options })).rule.id;

const deployment = (more: object) => ({
  type: "deployment.changed",
  detail: {
    id: "dep_1",
    model: "cats",
    endpoint: "cats-live",
    version: "abc",
    step: "smoke",
    status: "failed",
    reason: "The smoke test failed.",
    changedAt: "2026-03-02T12:00:00Z",
    ...more,
  },
});
const superseded = { ...deployment({}).detail, status: "superseded" } as unknown as DeploymentItem;
const low = { value: 0.7, low: 0.65, high: 0.75, bound: 0.9, count: 200, changedAt: "2026-03-02T12:00:00Z" };
const decision = { id: "ret_1", model: "vehicles", explanation: "$50 of $50 are spent.", changedAt: at() };

test.each<[string, object, object | undefined]>([
  [
    "a failed deployment",
    deployment({}),
    { kind: "deployment.failed", of: "dep_1", text: "Version abc, step smoke: The smoke test failed." },
  ],
  ["a superseded deployment", changedEvent(superseded, now), undefined],
  ["a deployment that went live", deployment({ status: "live" }), undefined],
  ["a training that runs", training("cats", "run-0", "InProgress"), undefined],
  [
    "low accuracy",
    { type: "accuracy.low", detail: { model: "cats", from: "2026-02-23", to: "2026-03-02", ...low } },
    {
      kind: "accuracy",
      text: "2026-02-23 to 2026-03-02: 70.0 % (65.0 % to 75.0 %) of 200 labeled predictions. The bound is 90.0 %.",
      link: "http://page.test/#/monitoring/cats",
    },
  ],
  [
    "a deferred training",
    { type: "training.deferred", detail: { model: "cats", reason: "$51 of $50", changedAt: at() } },
    { kind: "budget", of: "2026-03", text: "$51 of $50" },
  ],
  [
    "a decision against a retraining because of its budget",
    { type: "retrain.decided", detail: { ...decision, act: false, reason: "budget" } },
    { kind: "budget", model: "vehicles", of: "2026-03", text: "$50 of $50 are spent." },
  ],
  [
    "another decision",
    { type: "retrain.decided", detail: { ...decision, act: false, reason: "cooldown" } },
    undefined,
  ],
])("%s", async (_, event, alert) => {
  await raiseAlert(event as AlertSource, now);
  expect(raised()).toMatchObject(alert ? [alert] : []);
});

test("a failed training becomes an alert with a link to its run", async () => {
  await raiseAlert(training("cats", "run-1"), now);
  expect(raised()).toEqual([
    {
      id: "alt_cats_training-failed_000001",
      kind: "training.failed",
      model: "cats",
      title: "A training of cats failed",
      text: "run-1: AlgorithmError",
      link: "http://page.test/#/run/run-1",
      of: "run-1",
      changedAt: at(),
    },
  ]);
});

test("repetitions within an hour are counted, an event that is delivered twice is not", async () => {
  now += HOUR;
  // Also at the same time.
  await Promise.all(["a", "b", "c", "a"].map((name) => raiseAlert(training("vehicles", name), now)));
  await raiseAlert(training("vehicles", "b"), now);
  expect(raised()).toHaveLength(1);
  // Another kind, and another model. Later, because the order of events of one millisecond is random.
  now += 1;
  await raiseAlert(drift("vehicles", "drp_1"), now);
  await raiseAlert(drift("drones", "drp_2"), now);
  expect(raised()).toHaveLength(3);

  now += HOUR - 2;
  await raiseAlert(training("vehicles", "d"), now);
  expect(raised()).toHaveLength(3);
  now += 1;
  // Late, but of the same alert.
  await raiseAlert(training("vehicles", "d"), now);
  await raiseAlert(training("vehicles", "e"), now);
  expect(raised().at(-1)).toMatchObject({ id: "alt_vehicles_training-failed_000002", of: "e" });
  const { items } = await listAlerts({ model: "vehicles", from: "2026-03-02T12:30:00Z" }, now);
  expect(items.map(({ kind, of, count }) => [kind, of, count])).toEqual([
    ["training.failed", "e", 1],
    ["drift", "drp_1", 1],
    ["training.failed", expect.any(String), 4],
  ]);
});

const alert = (id: string, model = "cats", kind: Alert["kind"] = "drift"): Alert => ({
  id,
  kind,
  model,
  title: `Title of ${id}`,
  text: "Text.",
  link: "http://page.test/#/",
  of: id,
  changedAt: at(),
});

test("an alert is delivered by each rule that matches its model and kind", async () => {
  const all = await rule();
  const cats = await rule({ model: "cats" });
  await rule({ model: "vehicles" });
  const kinds = await rule({ kinds: ["drift", "accuracy"] });
  await rule({ kinds: ["budget"] });
  await routeAlert(alert("alt_1"), now);
  const first = await deliveries();
  expect(first.map((one) => one.rule).toSorted()).toEqual([all, cats, kinds].toSorted());
  // A repeated event has the same ids: a receiver ignores it.
  await routeAlert(alert("alt_1"), now);
  const ids = (messages: DeliveryMessage[]) => messages.map(({ notice }) => notice.id).toSorted();
  expect(ids(await deliveries())).toEqual(ids(first));
  expect(new Set(ids(first)).size).toBe(3);
});

test("alerts of quiet hours are delivered afterwards, as one summary", async () => {
  const quiet = { from: "22:00", to: "07:00", zone: "Europe/Berlin" };
  const held = await rule({ quiet });
  now = Date.parse("2026-03-02T21:30:00Z");
  await routeAlert(alert("alt_1"), now);
  now += HOUR;
  await routeAlert(alert("alt_2", "vehicles", "budget"), now);
  await routeAlert(alert("alt_2", "vehicles", "budget"), now);
  await sendSummaries(now);
  await sendSummaries(Date.parse("2026-03-03T05:59:59Z"));
  expect(await deliveries()).toEqual([]);

  now = Date.parse("2026-03-03T06:00:00Z");
  await sendSummaries(now);
  await sendSummaries(now);
  expect(await deliveries()).toMatchObject([
    {
      rule: held,
      notice: {
        type: "summary",
        title: "2 alerts during quiet hours",
        alerts: [{ id: "alt_1" }, { id: "alt_2" }],
        omitted: 0,
      },
    },
  ]);
  await routeAlert(alert("alt_3"), now);
  expect(await deliveries()).toMatchObject([{ rule: held, notice: { type: "alert" } }]);
});

test("a summary lists 20 alerts and counts the others", async () => {
  await rule({ quiet: { from: "00:00", to: "23:59", zone: "UTC" } });
  for (let index = 0; index < 22; index++) await routeAlert(alert(`alt_${index}`), now);
  await sendSummaries(Date.parse("2026-03-03T23:59:30Z"));
  const [summary] = await deliveries();
  expect(summary!.notice.alerts).toHaveLength(20);
  expect(summary!.notice.omitted).toBe(2);
});

test.each<[object, object]>([
  [{ channel: "webhook" }, { code: "INPUT_INVALID", message: /url: is required/ }],
  [
    { channel: "sns", url: "https://a.example/" },
    { code: "INPUT_INVALID", message: /must be absent/ },
  ],
  [{ model: "horses" }, { code: "MODEL_UNKNOWN" }],
  [{ channel: "webhook", url: "https://10.0.0.1/" }, { code: "WEBHOOK_URL_REFUSED" }],
  [
    { quiet: { from: "22:00", to: "7", zone: "UTC" } },
    { code: "INPUT_INVALID", message: /quiet\.to: must be a time/ },
  ],
])("a rule with %j is rejected", async (options, { message, ...error }: { message?: RegExp }) => {
  await expect(rule(options)).rejects.toMatchObject({
    ...error,
    ...(message && { message: expect.stringMatching(message) }),
  });
});

test("at most 50 rules", async () => {
  for (let count = 0; count < 50; count++) await rule();
  await expect(rule()).rejects.toMatchObject({ code: "ALERT_RULES_FULL" });
});
