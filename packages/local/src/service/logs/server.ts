// CloudWatch Logs' operations.
import { AwsError } from "../../kernel/error.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { LOG_GROUP, openLogStore, type EventRow, type GroupRow } from "./log-store.ts";
import { embeddedMetrics } from "./emf.ts";
import {
  BATCH_BYTES,
  BATCH_EVENTS,
  EVENT_OVERHEAD_BYTES,
  FUTURE_MS,
  OLDEST_MS,
  PAGE_EVENTS,
  PAGE_GROUPS,
  RETENTION_DAYS,
  SWEEP_MS,
} from "./limits.ts";
import {
  invalid,
  readToken,
  token,
  type DescribeStreamsInput,
  type FilterInput,
  type GetInput,
  type PutInput,
} from "./input.ts";
import { compilePattern } from "./pattern.ts";

export function start(kernel: Kernel): Service {
  const { store, clock, cloud } = kernel;
  const archive = openLogStore(store);
  const arnOf = (group: string) =>
    `arn:${cloud.partition}:logs:${cloud.region}:${cloud.account}:log-group:${group}`;
  let cancelSweep = () => {};
  for (const { inputs, attributes } of kernel.graph.all(LOG_GROUP)) {
    archive.addGroup(attributes.name!, clock.now());
    archive.retain(attributes.name!, inputs.retentionInDays || null);
  }

  const nameOf = (input: { logGroupName?: string; logGroupIdentifier?: string }) =>
    input.logGroupName ?? input.logGroupIdentifier?.split(":log-group:").at(-1)?.replace(/:\*$/, "") ?? "";

  function groupOf(input: { logGroupName?: string; logGroupIdentifier?: string }): GroupRow {
    const group = archive.group(nameOf(input));
    if (group) return group;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  function streamOf(group: string, name: string) {
    const stream = archive.stream(group, name);
    if (stream) return stream;
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }

  /** Retention holds from the moment it is over, not from the next sweep. */
  const oldest = ({ retention }: GroupRow) => (retention === null ? 0 : clock.now() - retention * 86_400_000);

  function put(input: PutInput) {
    const group = groupOf(input);
    streamOf(group.name, input.logStreamName);
    const events = input.logEvents ?? [];
    const bytes = events.reduce(
      (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
      0,
    );
    if (events.length === 0 || events.length > BATCH_EVENTS || bytes > BATCH_BYTES)
      throw invalid(
        `A batch holds 1 to ${BATCH_EVENTS} events and ${BATCH_BYTES} bytes; this one has ${events.length} and ${bytes}.`,
      );
    if (events.some(({ timestamp }, index) => index > 0 && timestamp < events[index - 1]!.timestamp))
      throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
    const now = clock.now();
    const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - OLDEST_MS) + 1;
    const future = events.findIndex(({ timestamp }) => timestamp > now + FUTURE_MS);
    const taken = events.slice(tooOld, future < 0 ? undefined : future);
    if (taken.length > 0) store.tx(() => archive.append(group.name, input.logStreamName, taken, now));
    measure(taken);
    const rejected = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(future >= 0 && { tooNewLogEventStartIndex: future }),
    };
    return {
      nextSequenceToken: String(now),
      ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
    };
  }

  function measure(events: Array<{ message: string }>) {
    const as = { kind: "service", name: "logs.amazonaws.com" } as const;
    for (const { namespace, data } of events.flatMap(({ message }) => embeddedMetrics(message)))
      kernel
        .call("cloudwatch", "PutMetricData", { Namespace: namespace, MetricData: data }, as)
        .catch((error: Error) =>
          kernel.log("warn", `Metrics in a log event were refused: ${error.message}`, { namespace }),
        );
  }

  function filter(input: FilterInput) {
    const group = groupOf(input);
    const matches = compilePattern(input.filterPattern);
    const limit = input.limit ?? PAGE_EVENTS;
    const wanted = input.logStreamNames && new Set(input.logStreamNames);
    const ours = (event: EventRow) =>
      (!wanted || wanted.has(event.stream)) && event.stream.startsWith(input.logStreamNamePrefix ?? "");
    const window = {
      group: group.name,
      from: Math.max(input.startTime ?? 0, oldest(group)),
      // Both ends count.
      to: (input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1,
      after: readToken(input.nextToken),
    };
    const rows = archive.read(window, PAGE_EVENTS);
    const found: EventRow[] = [];
    let last: EventRow | undefined;
    for (const row of rows) {
      if (found.length === limit) break;
      last = row;
      if (ours(row) && matches(row.message)) found.push(row);
    }
    const more = last !== undefined && (last !== rows.at(-1) || rows.length === PAGE_EVENTS);
    return {
      events: found.map((row) => ({
        logStreamName: row.stream,
        timestamp: row.at,
        message: row.message,
        ingestionTime: row.ingested,
        eventId: String(row.id).padStart(56, "0"),
      })),
      searchedLogStreams: [],
      ...(more && { nextToken: token(last!) }),
    };
  }

  function get(input: GetInput) {
    const group = groupOf(input);
    streamOf(group.name, input.logStreamName);
    const limit = input.limit ?? PAGE_EVENTS;
    const [direction, position] = input.nextToken
      ? [input.nextToken[0], readToken(input.nextToken.slice(2))]
      : [];
    const window = {
      group: group.name,
      from: Math.max(input.startTime ?? 0, oldest(group)),
      to: input.endTime ?? Number.MAX_SAFE_INTEGER,
    };
    const back = direction === "b" || (!direction && !input.startFromHead);
    const rows = back
      ? archive.readBack({ ...window, before: position }, limit, input.logStreamName)
      : archive.read({ ...window, after: position }, limit, input.logStreamName);
    const here = input.nextToken?.slice(2);
    const start = token({ at: window.from, id: 0 });
    return {
      events: rows.map(({ at, message, ingested }) => ({ timestamp: at, message, ingestionTime: ingested })),
      // The same token again means the end has been reached.
      nextForwardToken: `f/${rows.length > 0 ? token(rows.at(-1)!) : (here ?? start)}`,
      nextBackwardToken: `b/${rows.length > 0 ? token(rows[0]!) : (here ?? start)}`,
    };
  }

  function describeStreams(input: DescribeStreamsInput) {
    const group = groupOf(input);
    const byTime = input.orderBy === "LastEventTime";
    const limit = input.limit ?? PAGE_GROUPS;
    const from = Number(input.nextToken ?? 0);
    const streams = archive
      .streams(group.name)
      .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
      .toSorted((a, b) => (byTime ? (a.last ?? 0) - (b.last ?? 0) : a.name < b.name ? -1 : 1));
    if (input.descending) streams.reverse();
    return {
      logStreams: streams.slice(from, from + limit).map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.created,
        firstEventTimestamp: stream.first ?? undefined,
        lastEventTimestamp: stream.last ?? undefined,
        lastIngestionTime: stream.ingested ?? undefined,
        uploadSequenceToken: "0",
        arn: `${arnOf(group.name)}:log-stream:${stream.name}`,
        storedBytes: 0,
      })),
      ...(streams.length > from + limit && { nextToken: String(from + limit) }),
    };
  }

  const operations: Service["operations"] = {
    CreateLogGroup({ logGroupName }) {
      if (!/^[\w./#-]{1,512}$/.test(logGroupName ?? ""))
        throw invalid(`"${logGroupName}" is not a log group name.`);
      if (!archive.addGroup(logGroupName, clock.now()))
        throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
      return {};
    },
    DeleteLogGroup: (input) => (archive.dropGroup(groupOf(input).name), {}),
    CreateLogStream(input) {
      const { name } = groupOf(input);
      if (!archive.addStream(name, input.logStreamName, clock.now()))
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      return {};
    },
    DeleteLogStream(input) {
      const { name } = groupOf(input);
      archive.dropStream(name, streamOf(name, input.logStreamName).name);
      return {};
    },
    PutRetentionPolicy(input) {
      if (!RETENTION_DAYS.has(input.retentionInDays))
        throw invalid(`retentionInDays must be one of ${[...RETENTION_DAYS].join(", ")}.`);
      archive.retain(groupOf(input).name, input.retentionInDays);
      return {};
    },
    DeleteRetentionPolicy: (input) => (archive.retain(groupOf(input).name, null), {}),
    DescribeLogGroups(input) {
      const limit = input.limit ?? PAGE_GROUPS;
      const pattern = input.logGroupNamePattern ?? "";
      const rows = archive
        .groups(input.logGroupNamePrefix ?? "", input.nextToken ?? "", limit + 1)
        .filter(({ name }) => name.includes(pattern));
      return {
        logGroups: rows.slice(0, limit).map(({ name, created, retention }) => ({
          logGroupName: name,
          creationTime: created,
          retentionInDays: retention ?? undefined,
          metricFilterCount: 0,
          arn: `${arnOf(name)}:*`,
          logGroupArn: arnOf(name),
          logGroupClass: "STANDARD",
          storedBytes: archive.bytes(name),
        })),
        ...(rows.length > limit && { nextToken: rows[limit - 1]!.name }),
      };
    },
    DescribeLogStreams: describeStreams,
    PutLogEvents: put,
    FilterLogEvents: filter,
    GetLogEvents: get,
  };

  return {
    operations,
    access: (operation, input) => {
      if (operation === "DescribeLogGroups") return [{ action: "logs:DescribeLogGroups", resource: "*" }];
      const arn = arnOf(nameOf(input));
      const stream =
        operation === "PutLogEvents" || operation === "GetLogEvents" || operation === "DeleteLogStream";
      return [
        {
          action: `logs:${operation}`,
          resource: stream ? `${arn}:log-stream:${input.logStreamName}` : `${arn}:*`,
        },
      ];
    },
    resume() {
      const sweep = () => {
        archive.sweep(clock.now());
        cancelSweep = clock.after(SWEEP_MS, sweep);
      };
      sweep();
    },
    async stop() {
      cancelSweep();
    },
  };
}
