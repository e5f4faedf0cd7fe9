// GetLogEvents: one stream, forward from its start or backward from its end.
import { oldestTime, type Logs } from "../context.ts";
import { readToken, token, type GetInput } from "../input.ts";
import { PAGE_EVENTS } from "../limits.ts";

export function getLogEvents(logs: Logs, input: GetInput) {
  const group = logs.requireGroup(input);
  logs.requireStream(group.name, input.logStreamName);
  const limit = input.limit ?? PAGE_EVENTS;
  const direction = input.nextToken?.[0];
  const cursor = input.nextToken?.slice(2);
  const position = readToken(cursor);
  const window = {
    group: group.name,
    from: Math.max(input.startTime ?? 0, oldestTime(logs, group)),
    to: input.endTime ?? Number.MAX_SAFE_INTEGER,
  };
  const backward = direction === "b" || (!direction && !input.startFromHead);
  const rows = backward
    ? logs.store.readBackward({ ...window, before: position }, limit, input.logStreamName)
    : logs.store.read({ ...window, after: position }, limit, input.logStreamName);
  const start = token({ at: window.from, id: 0 });
  return {
    events: rows.map(({ at, message, ingested }) => ({ timestamp: at, message, ingestionTime: ingested })),
    // Returning the request's token means that the end was reached.
    nextForwardToken: `f/${rows.length > 0 ? token(rows.at(-1)!) : (cursor ?? start)}`,
    nextBackwardToken: `b/${rows.length > 0 ? token(rows[0]!) : (cursor ?? start)}`,
  };
}
