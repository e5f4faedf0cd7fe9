// The permissions that each operation needs. A batch needs those of its single operation.
import type { Access } from "../../kernel/service.ts";
import { nameOf } from "./queues.ts";

const SINGLE: Record<string, string> = {
  SendMessageBatch: "SendMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
};

export function sqsAccess(
  operation: string,
  input: Record<string, unknown>,
  arn: (name: string) => string,
  taskSource: (handle: unknown) => string | undefined,
): Access[] {
  const need = (action: string, resource: string): Access => ({ action: `sqs:${action}`, resource });
  const queue = () =>
    arn(typeof input.QueueUrl === "string" ? nameOf(input.QueueUrl) : String(input.QueueName));
  switch (operation) {
    case "ListQueues":
      return [need("ListQueues", "*")];
    case "StartMessageMoveTask": {
      const source = String(input.SourceArn);
      const moves = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
      const target = input.DestinationArn ? [need("SendMessage", String(input.DestinationArn))] : [];
      return [...moves.map((action) => need(action, source)), ...target];
    }
    case "ListMessageMoveTasks":
      return [need(operation, String(input.SourceArn))];
    case "CancelMessageMoveTask":
      return [need(operation, arn(taskSource(input.TaskHandle) ?? "*"))];
    default:
      return [need(SINGLE[operation] ?? operation, queue())];
  }
}
