// FilterLogEvents: the events of a group that match a pattern, over all its streams.
import { oldestTime, type Logs } from "../context.ts";
import { readToken, token, type FilterInput } from "../input.ts";
import { PAGE_EVENTS } from "../limits.ts";
import type { EventRow } from "../log-store.ts";
import { compilePattern } from "../pattern.ts";

export function filterLogEvents(logs: Logs, input: FilterInput) {
  const group = logs.requireGroup(input);
  const matches = compilePattern(input.filterPattern);
  const limit = input.limit ?? PAGE_EVENTS;
  const names = input.logStreamNames && new Set(input.logStreamNames);
  const isInStreams = ({ stream }: EventRow) =>
    (!names || names.has(stream)) && stream.startsWith(input.logStreamNamePrefix ?? "");
  const window = {
    group: group.name,
    from: Math.max(input.startTime ?? 0, oldestTime(logs, group)),
    // Both ends of the time range are inclusive.
    to: (input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1,
    after: readToken(input.nextToken),
  };
  const rows = logs.store.read(window, PAGE_EVENTS);
  const found: EventRow[] = [];
  let last: EventRow | undefined;
  for (const row of rows) {
    if (found.length === limit) break;
    last = row;
    if (isInStreams(row) && matches(row.message)) found.push(row);
  }
  const hasMore = last !== undefined && (last !== rows.at(-1) || rows.length === PAGE_EVENTS);
  return {
    events: found.map((row) => ({
      logStreamName: row.stream,
      timestamp: row.at,
      message: row.message,
      ingestionTime: row.ingested,
      eventId: String(row.id).padStart(56, "0"),
    })),
    searchedLogStreams: [],
    ...(hasMore && { nextToken: token(last!) }),
  };
}
