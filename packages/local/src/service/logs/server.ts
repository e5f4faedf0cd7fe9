// Assembles CloudWatch Logs from its operations.
import type { Access, Kernel, Service } from "../../kernel/service.ts";
import { groupName, openLogs, type Logs } from "./context.ts";
import { SWEEP_MS } from "./limits.ts";
import { LOG_GROUP } from "./log-store.ts";
import { filterLogEvents } from "./operation/filter.ts";
import { getLogEvents } from "./operation/get.ts";
import { groupOperations } from "./operation/group.ts";
import { putLogEvents } from "./operation/put.ts";
import { streamOperations } from "./operation/stream.ts";

const ON_STREAM = new Set(["PutLogEvents", "GetLogEvents", "DeleteLogStream"]);

export function startLogs(kernel: Kernel): Service {
  const { clock, graph } = kernel;
  const logs = openLogs(kernel);
  let cancelSweep = () => {};

  for (const { inputs, attributes } of graph.all(LOG_GROUP)) {
    logs.store.addGroup(attributes.name!, clock.now());
    logs.store.retain(attributes.name!, inputs.retentionInDays || null);
  }

  return {
    operations: {
      ...groupOperations(logs),
      ...streamOperations(logs),
      PutLogEvents: (input) => putLogEvents(logs, input),
      FilterLogEvents: (input) => filterLogEvents(logs, input),
      GetLogEvents: (input) => getLogEvents(logs, input),
    },
    access: (operation, input) => accessOf(logs, operation, input),
    resume() {
      const sweep = () => {
        logs.store.sweep(clock.now());
        cancelSweep = clock.after(SWEEP_MS, sweep);
      };
      sweep();
    },
    async stop() {
      cancelSweep();
    },
  };
}

function accessOf({ arnOf }: Logs, operation: string, input: any): Access[] {
  if (operation === "DescribeLogGroups") return [{ action: "logs:DescribeLogGroups", resource: "*" }];
  const group = arnOf(groupName(input));
  const resource = ON_STREAM.has(operation) ? `${group}:log-stream:${input.logStreamName}` : `${group}:*`;
  return [{ action: `logs:${operation}`, resource }];
}
