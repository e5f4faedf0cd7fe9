// Matches an event with the rules of its bus and enqueues the deliveries to their targets, in the publisher's
// transaction: the deliveries of an accepted event are on disk.
import type { Kernel } from "../../kernel/service.ts";
import type { Archives } from "./archive.ts";
import { type Event, isoSeconds } from "./event.ts";
import { MAX_EVENT_AGE_SECONDS, MAX_RETRY_ATTEMPTS } from "./limits.ts";
import type { Outbox } from "./outbox.ts";
import type { Rules } from "./rules.ts";
import { payloadFor } from "./target-input.ts";
import type { Target } from "./target.ts";

const SERVICE = "events.amazonaws.com";

export type Publisher = ReturnType<typeof openPublisher>;

export function openPublisher({ clock }: Kernel, rules: Rules, outbox: Outbox, archives: Archives) {
  const enqueue = (target: Target, rule: { arn: string; name: string }, event: Event, text: string) => {
    const payload = payloadFor(target, event, text, {
      ruleArn: rule.arn,
      ruleName: rule.name,
      ingestedAt: isoSeconds(clock.now()),
    });
    const parameters = {
      ...(target.SqsParameters?.MessageGroupId && { messageGroupId: target.SqsParameters.MessageGroupId }),
      ...(target.RoleArn && { roleArn: target.RoleArn }),
    };
    outbox.add({
      target: target.Arn,
      payload,
      original: payload === text ? undefined : text,
      source: { service: SERVICE, arn: rule.arn },
      parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
      deadLetterArn: target.DeadLetterConfig?.Arn,
      maxRetries: target.RetryPolicy?.MaximumRetryAttempts ?? MAX_RETRY_ATTEMPTS,
      maxAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? MAX_EVENT_AGE_SECONDS,
    });
  };

  return {
    /** `only`: the rules of a replay. A replayed event is not archived again. */
    publish(bus: string, event: Event, only?: Set<string>) {
      const text = JSON.stringify(event);
      for (const rule of rules.enabledOn(bus))
        if ((!only || only.has(rule.arn)) && rule.matches(event))
          for (const target of rule.targets)
            enqueue(target, { arn: rule.arn, name: rule.row.name }, event, text);
      if (!("replay-name" in event)) archives.record(bus, event, text);
    },

    /** Sends the event of a scheduled rule to the rule's targets. */
    publishTo(rule: { arn: string; name: string }, targets: Target[], event: Event) {
      const text = JSON.stringify(event);
      for (const target of targets) enqueue(target, rule, event, text);
    },
  };
}
