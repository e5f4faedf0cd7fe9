// Log streams.
import { AwsError } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import type { Logs } from "../context.ts";
import type { DescribeStreamsInput } from "../input.ts";
import { PAGE_GROUPS } from "../limits.ts";

export function streamOperations(logs: Logs): Record<string, Operation> {
  const { kernel, store, arnOf, requireGroup, requireStream } = logs;
  return {
    CreateLogStream(input) {
      const { name } = requireGroup(input);
      if (!store.addStream(name, input.logStreamName, kernel.clock.now()))
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      return {};
    },
    DeleteLogStream(input) {
      const { name } = requireGroup(input);
      store.dropStream(name, requireStream(name, input.logStreamName).name);
      return {};
    },
    DescribeLogStreams(input: DescribeStreamsInput) {
      const group = requireGroup(input);
      const byTime = input.orderBy === "LastEventTime";
      const limit = input.limit ?? PAGE_GROUPS;
      const from = Number(input.nextToken ?? 0);
      const ascending = store
        .streams(group.name)
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
        .toSorted((a, b) => (byTime ? (a.last ?? 0) - (b.last ?? 0) : a.name < b.name ? -1 : 1));
      const streams = input.descending ? ascending.toReversed() : ascending;
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
    },
  };
}
