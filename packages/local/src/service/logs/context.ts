// What the operations of CloudWatch Logs share.
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { GroupInput } from "./input.ts";
import { openLogStore, type GroupRow } from "./log-store.ts";

export type Logs = ReturnType<typeof openLogs>;

export function openLogs(kernel: Kernel) {
  const store = openLogStore(kernel.store);
  return {
    kernel,
    store,
    arnOf: (group: string) => arnOf(kernel.cloud, "logs", `log-group:${group}`),
    requireGroup: (input: GroupInput) => store.group(groupName(input)) ?? missing("group"),
    requireStream: (group: string, name: string) => store.stream(group, name) ?? missing("stream"),
  };
}

export const groupName = ({ logGroupName, logGroupIdentifier }: GroupInput) =>
  logGroupName ?? logGroupIdentifier?.split(":log-group:").at(-1)?.replace(/:\*$/, "") ?? "";

/** The time of the oldest readable event. Retention applies at once, not with the next sweep. */
export const oldestTime = ({ kernel }: Logs, { retention }: GroupRow) =>
  retention === null ? 0 : kernel.clock.now() - retention * 86_400_000;

function missing(what: "group" | "stream"): never {
  throw new AwsError("ResourceNotFoundException", `The specified log ${what} does not exist.`);
}
