// Delivers a notice through the channel of its rule.
import { PublishCommand } from "@aws-sdk/client-sns";
import { linked } from "../aws/link.ts";
import { runsLocally } from "../aws/runs-locally.ts";
import { sns } from "../aws/sns.ts";
import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { parseWebhookUrl } from "./address.ts";
import type { AlertRuleItem } from "./alert.entity.ts";
import type { Channel } from "./alert.ts";
import { DeliveryMessage } from "./delivery-message.ts";
import { type Notice, noticeText, testNotice } from "./notice.ts";
import { postJson } from "./post.ts";
import { findRule, getRule } from "./rules.ts";
import { signatureHeaders } from "./signature.ts";
import { slackMessage } from "./slack.ts";

/** A message of the queue. It is repeated until the receiver accepts it, with the same id. */
export async function handleDeliveryMessage(body: string, now: number): Promise<void> {
  const { rule: id, notice } = DeliveryMessage.parse(JSON.parse(body));
  const rule = await findRule(id);
  if (!rule) return log().info("Alert not delivered: its rule was removed", { rule: id });
  await deliver(rule, notice, now);
  log().info("Alert delivered", { rule: id, channel: rule.channel, notice: notice.id });
}

/** Delivers at once and without retries, so that the caller sees the result. */
export async function testRule(id: string, now: number): Promise<{ notice: string }> {
  const notice = testNotice(id, now);
  await deliver(await getRule(id), notice, now);
  return { notice: notice.id };
}

type Deliver = (rule: AlertRuleItem, notice: Notice, now: number) => Promise<void>;

const deliver: Deliver = (rule, notice, now) => CHANNELS[rule.channel](rule, notice, now);

const CHANNELS: Record<Channel, Deliver> = {
  async webhook({ id, url, secret }, notice, now) {
    if (url === undefined || secret === undefined) throw incomplete(id);
    const body = JSON.stringify(notice);
    await send(url, body, signatureHeaders(secret, { id: notice.id, now, body }));
  },
  async slack({ id, url }, notice) {
    if (url === undefined) throw incomplete(id);
    await send(url, JSON.stringify(slackMessage(notice)));
  },
  async sns(_rule, notice) {
    await sns().send(
      new PublishCommand({
        TopicArn: linked("Alerts", "arn"),
        Subject: subjectOf(notice),
        Message: noticeText(notice),
      }),
    );
  },
};

function send(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const policy = { allowLoopback: runsLocally() };
  return postJson(parseWebhookUrl(url, policy), { headers, body, policy });
}

const incomplete = (rule: string) =>
  new SluiceError("UNEXPECTED", `The alert rule ${rule} has no URL or no secret.`);

/** SNS: less than 100 printable ASCII characters. */
const subjectOf = ({ title }: Notice) => `Sluice: ${title}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 99);
