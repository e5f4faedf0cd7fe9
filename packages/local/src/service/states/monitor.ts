// What CloudWatch gets: metrics of executions, and the log that a machine declares.
import { randomUUID } from "node:crypto";
import type { Kernel, Principal } from "../../kernel/service.ts";
import { openMetricWriter } from "../cloudwatch/writer.ts";
import { openLogWriter } from "../logs/writer.ts";
import { withoutData } from "./api/history.ts";
import type { Execution, HistoryEvent, Status } from "./machine/execution.ts";
import type { ExecutionRow } from "./store/executions.ts";
import type { Machines, Settings } from "./store/machines.ts";

const ENDED: Record<Exclude<Status, "RUNNING">, string> = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  ABORTED: "ExecutionsAborted",
  TIMED_OUT: "ExecutionsTimedOut",
};

const isFatal = (type: string) => /^Execution(Failed|Aborted|TimedOut)$/.test(type);
const isError = (type: string) => /(Failed|Aborted|TimedOut)$/.test(type) || type === "FailStateEntered";

/** By level: which events are written. */
const LEVELS: Record<string, (type: string) => boolean> = {
  ALL: () => true,
  ERROR: isError,
  FATAL: isFatal,
};

export function openMonitor(kernel: Kernel, machines: Machines) {
  const service: Principal = { kind: "service", name: "states.amazonaws.com" };
  const { add, flush } = openMetricWriter(kernel, service, "AWS/States");
  const logs = new Map<string, ReturnType<typeof openLogWriter>>();

  const logOf = (machine: string, roleArn: string, group: string) => {
    const known = logs.get(machine);
    if (known) return known;
    const minute = new Date(kernel.clock.now()).toISOString().slice(0, 16).replaceAll(/[T:]/g, "-");
    const stream = `states/${machine.split(":").at(-1)}/${minute}/${randomUUID().slice(0, 8)}`;
    const opened = openLogWriter(kernel, { kind: "role", arn: roleArn, session: "states" }, group, stream);
    logs.set(machine, opened);
    return opened;
  };

  return {
    started: (machine: string) => add({ StateMachineArn: machine }, "ExecutionsStarted", "Count", 1),
    ended({ machine, status, started_at, stopped_at }: ExecutionRow) {
      if (status === "RUNNING") return;
      const dimensions = { StateMachineArn: machine };
      for (const [ended, name] of Object.entries(ENDED))
        add(dimensions, name, "Count", ended === status ? 1 : 0);
      add(dimensions, "ExecutionTime", "Milliseconds", (stopped_at ?? started_at) - started_at);
    },
    log({ machine, roleArn, arn, redriveCount }: Execution, events: HistoryEvent[]) {
      const settings: Settings | undefined = machines.find(machine.arn)?.settings;
      const { level = "OFF", includeExecutionData, destinations } = settings?.loggingConfiguration ?? {};
      const writes = LEVELS[level];
      const group = groupOf(destinations?.[0]);
      if (!writes || !group) return;
      const writer = logOf(machine.arn, roleArn, group);
      for (const event of events)
        if (writes(event.type))
          writer.write(describe(event, arn, redriveCount, includeExecutionData === true));
    },
    async flush() {
      await Promise.all([flush(), ...[...logs.values()].map((one) => one.flush())]);
    },
  };
}

/** `arn:aws:logs:region:account:log-group:NAME:*` */
const groupOf = (destination: { cloudWatchLogsLogGroup?: { logGroupArn?: string } } | undefined) =>
  destination?.cloudWatchLogsLogGroup?.logGroupArn?.split(":")[6];

function describe(event: HistoryEvent, arn: string, redriveCount: number, withData: boolean): string {
  const { id, type, previousEventId, timestamp, ...rest } = event;
  const [details] = Object.values(rest) as object[];
  return JSON.stringify({
    id: String(id),
    type,
    ...(details && { details: withData ? details : withoutData(details) }),
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: arn,
    redrive_count: String(redriveCount),
  });
}
