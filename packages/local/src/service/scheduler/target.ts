// Calls a schedule's target with the schedule's role.
import { AwsError } from "../../kernel/error.ts";
import type { Kernel, Principal } from "../../kernel/service.ts";
import type { TargetCall } from "../events/outbox.ts";

const SUPPORTED = ["lambda", "sqs", "events", "states"];

export function checkTargetArn(schedule: string, arn: string) {
  if (!SUPPORTED.includes(arn.split(":")[2] ?? ""))
    throw new Error(
      `${schedule}: the embedded AWS does not implement schedules that call ${arn}. Targets may be: ${SUPPORTED.join(", ")}.`,
    );
}

export const targetCaller =
  (kernel: Kernel): TargetCall =>
  async (target, payload, parameters) => {
    const role: Principal = { kind: "role", arn: parameters.roleArn, session: "scheduler" };
    const [, , service, , account, ...path] = target.split(":");
    if (service === "lambda") {
      const Payload = new TextEncoder().encode(payload);
      await kernel.call("lambda", "Invoke", { FunctionName: target, InvocationType: "Event", Payload }, role);
    } else if (service === "states") {
      await kernel.call("states", "StartExecution", { stateMachineArn: target, input: payload }, role);
    } else if (service === "sqs") {
      await kernel.call(
        "sqs",
        "SendMessage",
        {
          QueueUrl: `${kernel.cloud.endpoint}/${account}/${path.join(":")}`,
          MessageBody: payload,
          MessageGroupId: parameters.messageGroupId,
          MessageAttributes: parameters.messageAttributes,
        },
        role,
      );
    } else {
      const { source, detailType } = parameters;
      const entry = { EventBusName: target, Source: source, DetailType: detailType, Detail: payload };
      const { Entries } = await kernel.call("events", "PutEvents", { Entries: [entry] }, role);
      if (Entries[0].ErrorCode) throw new AwsError(Entries[0].ErrorCode, Entries[0].ErrorMessage);
    }
  };
