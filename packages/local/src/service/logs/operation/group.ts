// Log groups and how long they retain events.
import { AwsError } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import type { Logs } from "../context.ts";
import { invalid } from "../input.ts";
import { PAGE_GROUPS, RETENTION_DAYS } from "../limits.ts";

export function groupOperations(logs: Logs): Record<string, Operation> {
  const { kernel, store, arnOf, requireGroup } = logs;
  return {
    CreateLogGroup({ logGroupName }) {
      if (!/^[\w./#-]{1,512}$/.test(logGroupName ?? ""))
        throw invalid(`"${logGroupName}" is not a log group name.`);
      if (!store.addGroup(logGroupName, kernel.clock.now()))
        throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
      return {};
    },
    DeleteLogGroup(input) {
      store.dropGroup(requireGroup(input).name);
      return {};
    },
    PutRetentionPolicy(input) {
      if (!RETENTION_DAYS.has(input.retentionInDays))
        throw invalid(`retentionInDays must be one of ${[...RETENTION_DAYS].join(", ")}.`);
      store.retain(requireGroup(input).name, input.retentionInDays);
      return {};
    },
    DeleteRetentionPolicy(input) {
      store.retain(requireGroup(input).name, null);
      return {};
    },
    DescribeLogGroups({ logGroupNamePrefix = "", logGroupNamePattern = "", nextToken = "", limit }) {
      const size = limit ?? PAGE_GROUPS;
      const rows = store
        .groups(logGroupNamePrefix, nextToken, size + 1)
        .filter(({ name }) => name.includes(logGroupNamePattern));
      return {
        logGroups: rows.slice(0, size).map(({ name, created, retention }) => ({
          logGroupName: name,
          creationTime: created,
          retentionInDays: retention ?? undefined,
          metricFilterCount: 0,
          arn: `${arnOf(name)}:*`,
          logGroupArn: arnOf(name),
          logGroupClass: "STANDARD",
          storedBytes: store.bytes(name),
        })),
        ...(rows.length > size && { nextToken: rows[size - 1]!.name }),
      };
    },
  };
}
