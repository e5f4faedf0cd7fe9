import { randomUUID } from "node:crypto";
import { AwsError } from "../../kernel/error.ts";
import type { Delivery, Kernel, Service } from "../../kernel/service.ts";
import { openOutbox } from "../events/outbox.ts";

interface Subscription {
  topic: string;
  arn: string;
  protocol: string;
  endpoint: string;
  raw: boolean;
}

/** SNS retries deliveries to queues and functions for 23 days. */
const RETRIES = 100_015;
const RETRY_SECONDS = 23 * 86_400;

export function startSns(kernel: Kernel): Service {
  const { store, clock, graph } = kernel;
  const outbox = openOutbox(kernel, "sns");
  const topics = new Set(graph.all("aws:sns/topic:Topic").map(({ attributes }) => attributes.arn));
  const guarded = new Set(graph.all("aws:sns/topicPolicy:TopicPolicy").map(({ inputs }) => inputs.arn));
  const subscriptions = declaredSubscriptions(kernel);

  const publish = (topic: string, message: string, subject?: string) => {
    if (!topics.has(topic)) throw new AwsError("NotFound", "Topic does not exist", { status: 404 });
    const id = randomUUID();
    const own = subscriptions.filter((subscription) => subscription.topic === topic);
    if (own.length === 0) kernel.log("debug", `${topic} has no subscription: ${message}`);
    for (const subscription of own) {
      const notification = {
        Type: "Notification",
        MessageId: id,
        TopicArn: topic,
        ...(subject && { Subject: subject }),
        Message: message,
        Timestamp: new Date(clock.now()).toISOString(),
      };
      outbox.add({
        target: subscription.endpoint,
        payload: payloadFor(subscription, notification),
        source: { service: "sns.amazonaws.com", arn: topic },
        maxRetries: RETRIES,
        maxAgeSeconds: RETRY_SECONDS,
      });
    }
    return { MessageId: id };
  };

  return {
    operations: {
      Publish: ({ TopicArn, Message, Subject }: Record<string, string>) =>
        store.tx(() => publish(TopicArn ?? "", Message ?? "", Subject)),
    },
    access: (operation, { TopicArn }) => [{ action: `sns:${operation}`, resource: String(TopicArn) }],
    accept: (arn: string, { payload }: Delivery) => void store.tx(() => publish(arn, payload)),
    /** The default policy: a topic accepts messages from its account. */
    policy: (arn) =>
      topics.has(arn) && !guarded.has(arn) ? ownersOnly(arn, kernel.cloud.account) : undefined,
    resume: outbox.resume,
    async stop() {
      outbox.stop();
    },
  };
}

function declaredSubscriptions({ graph }: Kernel): Subscription[] {
  return graph.all("aws:sns/topicSubscription:TopicSubscription").map(({ name, inputs, attributes }) => {
    if (!["sqs", "lambda"].includes(inputs.protocol) || inputs.filterPolicy)
      throw new Error(
        `${name}: the embedded AWS delivers topics to queues (sqs) and functions (lambda), without filter policies; not by ${inputs.protocol}.`,
      );
    return {
      topic: inputs.topic,
      arn: attributes.arn!,
      protocol: inputs.protocol,
      endpoint: inputs.endpoint,
      raw: inputs.rawMessageDelivery === true,
    };
  });
}

function payloadFor({ protocol, raw, arn }: Subscription, notification: Record<string, unknown>): string {
  if (protocol === "sqs") return raw ? String(notification.Message) : JSON.stringify(notification);
  const record = {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: arn,
    Sns: notification,
  };
  return JSON.stringify({ Records: [record] });
}

const ownersOnly = (arn: string, account: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: "sns:Publish",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });
