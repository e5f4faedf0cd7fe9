import { randomUUID } from "node:crypto";
import type { Kernel, Service } from "../../kernel/service.ts";
import { isoSeconds } from "../events/event.ts";
import { MAX_EVENT_AGE_SECONDS, MAX_RETRY_ATTEMPTS } from "../events/limits.ts";
import { openOutbox } from "../events/outbox.ts";
import { openWakeTimer } from "../events/schedule/wake-timer.ts";
import { openSchedules, type Schedule } from "./schedules.ts";
import { targetCaller } from "./target.ts";

export function startScheduler(kernel: Kernel): Service {
  const { store, clock, cloud } = kernel;
  const schedules = openSchedules(kernel);
  const outbox = openOutbox(kernel, "scheduler", targetCaller(kernel));

  const enqueue = ({ arn, target, windowMs }: Schedule, at: number) =>
    outbox.add(
      {
        target: target.arn,
        payload: payloadOf(arn, target.input, at),
        source: { service: "scheduler.amazonaws.com", arn },
        parameters: {
          roleArn: target.roleArn,
          messageGroupId: target.sqsParameters?.messageGroupId,
          source: target.eventbridgeParameters?.source,
          detailType: target.eventbridgeParameters?.detailType,
        },
        deadLetterArn: target.deadLetterConfig?.arn,
        maxRetries: target.retryPolicy?.maximumRetryAttempts ?? MAX_RETRY_ATTEMPTS,
        maxAgeSeconds: target.retryPolicy?.maximumEventAgeInSeconds ?? MAX_EVENT_AGE_SECONDS,
      },
      // A random time in the schedule's flexible window.
      Math.floor(kernel.random() * windowMs),
    );

  const payloadOf = (arn: string, input: string | undefined, at: number) => {
    const id = randomUUID();
    if (input !== undefined)
      return input
        .replaceAll("<aws.scheduler.schedule-arn>", arn)
        .replaceAll("<aws.scheduler.scheduled-time>", isoSeconds(at))
        .replaceAll("<aws.scheduler.execution-id>", id)
        .replaceAll("<aws.scheduler.attempt-number>", "1");
    return JSON.stringify({
      version: "0",
      id,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: cloud.account,
      time: isoSeconds(at),
      region: cloud.region,
      resources: [arn],
      detail: "{}",
    });
  };

  const timer = openWakeTimer(clock, schedules.nextRun, () =>
    store.tx(() => {
      for (const { schedule, at } of schedules.takeDue()) enqueue(schedule, at);
    }),
  );

  return {
    operations: {},
    access: (operation) => [{ action: `scheduler:${operation}`, resource: "*" }],
    resume() {
      outbox.resume();
      timer.set();
    },
    async stop() {
      timer.stop();
      outbox.stop();
    },
  };
}
