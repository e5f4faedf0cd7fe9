import { AwsError } from "../../../kernel/error.ts";
import type { Service } from "../../../kernel/service.ts";
import type { Counts, MapRun, MapRuns } from "../store/map-runs.ts";
import { page } from "./page.ts";

export function mapRunOperations(mapRuns: MapRuns, startNext: (arn: string) => void): Service["operations"] {
  const find = (arn: string): MapRun => {
    const found = mapRuns.find(arn);
    if (!found) throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
    return found;
  };

  return {
    DescribeMapRun({ mapRunArn }: { mapRunArn: string }) {
      const mapRun = find(mapRunArn);
      const counts = describeCounts(mapRuns.counts(mapRunArn));
      return {
        ...summary(mapRun),
        status: mapRun.status,
        maxConcurrency: mapRun.concurrency,
        toleratedFailureCount: mapRun.toleratedCount,
        toleratedFailurePercentage: mapRun.toleratedPercentage,
        itemCounts: counts,
        executionCounts: counts,
        redriveCount: 0,
      };
    },
    ListMapRuns({
      executionArn,
      ...input
    }: {
      executionArn: string;
      maxResults?: number;
      nextToken?: string;
    }) {
      const all = mapRuns.of(executionArn).map(summary);
      const { items, nextToken } = page(input, (limit, offset) => all.slice(offset, offset + limit));
      return { mapRuns: items, nextToken };
    },
    UpdateMapRun(input: {
      mapRunArn: string;
      maxConcurrency?: number;
      toleratedFailureCount?: number;
      toleratedFailurePercentage?: number;
    }) {
      const mapRun = find(input.mapRunArn);
      mapRuns.update(
        input.mapRunArn,
        input.maxConcurrency ?? mapRun.concurrency,
        input.toleratedFailureCount ?? mapRun.toleratedCount,
        input.toleratedFailurePercentage ?? mapRun.toleratedPercentage,
      );
      startNext(input.mapRunArn);
      return {};
    },
  };
}

const summary = ({ arn, execution, startedAt, stoppedAt }: MapRun) => ({
  mapRunArn: arn,
  executionArn: execution,
  stateMachineArn: arn.replace(":mapRun:", ":stateMachine:").replace(/:[^:]*$/, ""),
  startDate: new Date(startedAt),
  ...(stoppedAt !== null && { stopDate: new Date(stoppedAt) }),
});

const describeCounts = (counts: Counts) => ({
  pending: counts.PENDING,
  running: counts.RUNNING,
  succeeded: counts.SUCCEEDED,
  failed: counts.FAILED,
  timedOut: counts.TIMED_OUT,
  aborted: counts.ABORTED,
  total: Object.values(counts).reduce((sum, count) => sum + count, 0),
  resultsWritten: 0,
});
