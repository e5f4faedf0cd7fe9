// Alerts over the wire: from an event on the bus to receivers on this machine, with real functions, queues and topics.
import { readFileSync } from "node:fs";
import path from "node:path";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Alert, AlertRule } from "@sluice/core/alert/alert.ts";
import type { ListedAlert } from "@sluice/core/alert/list.ts";
import type { Notice } from "@sluice/core/alert/notice.ts";
import { publish } from "@sluice/core/event/publish.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { expectErrorLog } from "../support/error-log.ts";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { type ReceivedRequest, startReceiver } from "../support/receiver.ts";
import { root } from "../support/sample.ts";
import { until } from "../support/until.ts";

let stage: Stage;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  const graph = graphWithoutSchedules();
  graph.resources.push(
    { name: "Inbox", type: "aws:sqs/queue:Queue", inputs: { name: "inbox" } },
    {
      name: "InboxSubscription",
      type: "aws:sns/topicSubscription:TopicSubscription",
      inputs: { topic: "${Alerts.arn}", protocol: "sqs", endpoint: "${Inbox.arn}" },
    },
    {
      name: "InboxPolicy",
      type: "aws:sqs/queuePolicy:QueuePolicy",
      inputs: {
        queueUrl: "${Inbox.url}",
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "sns.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: "${Inbox.arn}",
              Condition: { ArnEquals: { "aws:SourceArn": "${Alerts.arn}" } },
            },
          ],
        }),
      },
    },
  );
  stage = await startStage(graph);
});
afterAll(() => stage.dispose());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  const { items } = await json<{ items: AlertRule[] }>("GET", "/alerts/rules");
  for (const { id } of items) await json("DELETE", `/alerts/rules/${id}`);
  await receiver.close();
});

async function json<T>(method: string, route: string, body?: object): Promise<T> {
  const response = await stage.api(route, { method, ...(body && { body }) });
  return (await response.json()) as T;
}
const addRule = (rule: object) => json<{ rule: AlertRule; secret?: string }>("POST", "/alerts/rules", rule);
const urlOf = (queue: string) => String(stage.cloud.kernel.graph.find(queue)!.attributes["url"]);

let failures = 0;
/** A failed training, as its record would publish it. Each model has one alert of a kind in an hour. */
async function failTraining(model: string): Promise<string> {
  failures += 1;
  const name = `run-${failures}`;
  const changedAt = "2026-03-02T12:00:00Z";
  const detail = { name, model, status: "Failed" as const, failureReason: "AlgorithmError <1>", changedAt };
  await publish([{ type: "training.changed", detail }]);
  return name;
}

const received = (count: number) =>
  until(async () => {
    if (receiver.requests.length < count) throw new Error(`${receiver.requests.length} requests of ${count}`);
    return receiver.requests;
  });

/** Moves the clock over the delays of retries, but not while a function works: it would run out of time. */
async function passDelay() {
  const held = stage.cloud.kernel.store.get<{ count: number }>("select count(*) as count from lambda_held");
  if (held!.count === 0) await stage.shift(30_000);
}

type Verify = (
  headers: ReceivedRequest["headers"],
  body: string,
  secret: string,
  seen: Set<string>,
  now?: number,
) => Notice | undefined;

/** The example of the documentation, as a receiver would copy it. */
async function documentedVerifier(): Promise<Verify> {
  const page = readFileSync(path.join(root, "docs/monitoring.md"), "utf8");
  const source = /```js\n(.*?)```/s.exec(page)![1]!;
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { verify: Verify };
  return module.verify;
}

test("a webhook gets a signed request that the documented receiver verifies, once", async () => {
  const { rule, secret } = await addRule({ channel: "webhook", url: `${receiver.url}/a?key=1` });
  expect(rule).toMatchObject({ channel: "webhook", origin: receiver.url });
  const run = await failTraining("cats");
  const [{ headers, body, path: requested }] = (await received(1)) as [ReceivedRequest];
  expect(requested).toBe("/a?key=1");

  const verify = await documentedVerifier();
  const seen = new Set<string>();
  const notice = verify(headers, body, secret!, seen);
  expect(notice).toMatchObject({ id: headers["webhook-id"], type: "alert", alerts: [{ of: run }] });
  const { link } = (notice as { alerts: Alert[] }).alerts[0]!;
  expect(link).toMatch(new RegExp(`^http://127.*/#/run/${run}$`));

  // Replayed, altered, sent again later, or signed for another rule.
  expect(verify(headers, body, secret!, seen)).toBeUndefined();
  const wrong = /signature is wrong/;
  const fresh = () => new Set<string>();
  expect(() => verify(headers, body.replace("cats", "dogs"), secret!, fresh())).toThrow(wrong);
  expect(() => verify({ ...headers, "webhook-id": "msg_2" }, body, secret!, fresh())).toThrow(wrong);
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  expect(() => verify({ ...headers, "webhook-timestamp": later }, body, secret!, fresh())).toThrow(wrong);
  expect(() => verify(headers, body, secret!, fresh(), Date.now() + 301_000)).toThrow(/within 5 minutes/);
  const other = await addRule({ channel: "webhook", url: receiver.url });
  expect(() => verify(headers, body, other.secret!, fresh())).toThrow(wrong);

  // The API does not return what could be misused.
  const shown = JSON.stringify(await json("GET", "/alerts/rules"));
  expect(shown).toContain(rule.id);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain("key=1");
  const { items } = await json<{ items: ListedAlert[] }>("GET", "/alerts?model=cats");
  expect(items).toMatchObject([{ kind: "training.failed", of: run, count: 1, link }]);
});

test("Slack gets its format, another model's rule nothing, and the topic's subscriber a message", async () => {
  await addRule({ channel: "slack", url: `${receiver.url}/slack`, model: "vehicles" });
  await addRule({ channel: "webhook", url: `${receiver.url}/drones`, model: "drones" });
  await addRule({ channel: "sns" });
  const run = await failTraining("vehicles");
  const message = await until(async () => {
    const { Messages } = await stage.sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf("Inbox") }));
    if (!Messages) throw new Error("The topic's subscriber has no message.");
    return JSON.parse(Messages[0]!.Body!) as { Subject: string; Message: string };
  });
  expect(message.Subject).toBe("Sluice: A training of vehicles failed");
  expect(message.Message).toMatch(
    new RegExp(`^A training of vehicles failed\n${run}: AlgorithmError <1>\nhttp://.*/#/run/${run}$`),
  );
  const [slack] = await received(1);
  expect(slack!.path).toBe("/slack");
  expect(slack!.headers["webhook-signature"]).toBeUndefined();
  const { text, blocks } = JSON.parse(slack!.body) as { text: string; blocks: object[] };
  expect(text).toBe("A training of vehicles failed");
  expect(blocks).toEqual([
    {
      type: "section",
      text: {
        type: "mrkdwn",
        text: expect.stringMatching(
          new RegExp(
            `^\\*<http.*/#/run/${run}\\|A training of vehicles failed>\\*\n${run}: AlgorithmError &lt;1&gt;$`,
          ),
        ),
      },
    },
  ]);
  // The rule of the other model matched no alert, and its queue is empty.
  await holds(stage.sqs, urlOf("AlertQueue"), 0);
  expect(receiver.requests.map((request) => request.path)).toEqual(["/slack"]);
});

test("a failed delivery is retried with the same id; in the end it is a dead letter", async () => {
  expectErrorLog(/The webhook at 127\.0\.0\.1:\d+ returned HTTP 500/);
  const { secret } = await addRule({ channel: "webhook", url: receiver.url, model: "drones" });
  const verify = await documentedVerifier();
  receiver.respond(500);
  await failTraining("drones");
  await received(1);
  receiver.respond(200);
  await until(async () => {
    await passDelay();
    await holds(stage.sqs, urlOf("AlertQueue"), 0, 0);
  });
  const twice = [...receiver.requests];
  expect(new Set(twice.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  const seen = new Set<string>();
  expect(twice.map(({ headers, body }) => verify(headers, body, secret!, seen)?.type)).toEqual([
    "alert",
    undefined,
  ]);

  receiver.respond(500);
  await publish([
    {
      type: "training.deferred",
      detail: { model: "drones", reason: "spent", changedAt: "2026-03-02T12:00:00Z" },
    },
  ]);
  await received(2 + 1);
  await until(async () => {
    await passDelay();
    await holds(stage.sqs, urlOf("AlertDeadLetterQueue"), 1, 0);
  });
  const kinds = receiver.requests.slice(2).map(({ body }) => (JSON.parse(body) as Notice).alerts[0]!.kind);
  expect(kinds).toEqual(Array.from({ length: 5 }, () => "budget"));
});

test("a test of a rule reports the receiver's failure at once", async () => {
  const { rule } = await addRule({ channel: "webhook", url: receiver.url });
  const tested = await json<{ notice: string }>("POST", `/alerts/rules/${rule.id}/test`);
  expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({ id: tested.notice, type: "test" });
  receiver.respond(403);
  const failed = await stage.api(`/alerts/rules/${rule.id}/test`, { method: "POST" });
  expect(failed.status).toBe(503);
  expect(await failed.json()).toMatchObject({
    code: "WEBHOOK_FAILED",
    detail: expect.stringMatching(/returned HTTP 403\.$/),
    hint: expect.stringContaining("npx sluice alerts test"),
  });
  const gone = await stage.api("/alerts/rules/rul_0/test", { method: "POST" });
  expect(await gone.json()).toMatchObject({ status: 404, code: "ALERT_RULE_UNKNOWN" });
  const refused = await stage.api("/alerts/rules", {
    method: "POST",
    body: { channel: "webhook", url: "https://169.254.169.254/latest" },
  });
  expect(await refused.json()).toMatchObject({ status: 400, code: "WEBHOOK_URL_REFUSED" });
});
