// PutLogEvents: stores the events, and passes the metrics embedded in them to CloudWatch.
import type { Kernel } from "../../../kernel/service.ts";
import type { Logs } from "../context.ts";
import { embeddedMetrics } from "../emf.ts";
import { invalid, type PutInput } from "../input.ts";
import { BATCH_BYTES, BATCH_EVENTS, EVENT_OVERHEAD_BYTES, FUTURE_MS, OLDEST_MS } from "../limits.ts";

type Events = NonNullable<PutInput["logEvents"]>;

export function putLogEvents({ kernel, store, requireGroup, requireStream }: Logs, input: PutInput) {
  const group = requireGroup(input);
  requireStream(group.name, input.logStreamName);
  const events = input.logEvents ?? [];
  checkBatch(events);
  const now = kernel.clock.now();
  const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - OLDEST_MS) + 1;
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + FUTURE_MS);
  const accepted = events.slice(tooOld, tooNew < 0 ? undefined : tooNew);
  if (accepted.length > 0)
    kernel.store.tx(() => store.append(group.name, input.logStreamName, accepted, now));
  putEmbeddedMetrics(kernel, accepted);
  const rejected = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    nextSequenceToken: String(now),
    ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
  };
}

function checkBatch(events: Events) {
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
    0,
  );
  if (events.length === 0 || events.length > BATCH_EVENTS || bytes > BATCH_BYTES)
    throw invalid(
      `A batch must have 1 to ${BATCH_EVENTS} events and at most ${BATCH_BYTES} bytes; this one has ${events.length} events and ${bytes} bytes.`,
    );
  if (events.some(({ timestamp }, index) => index > 0 && timestamp < events[index - 1]!.timestamp))
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
}

function putEmbeddedMetrics(kernel: Kernel, events: Events) {
  const principal = { kind: "service", name: "logs.amazonaws.com" } as const;
  for (const { namespace, data } of events.flatMap(({ message }) => embeddedMetrics(message)))
    kernel
      .call("cloudwatch", "PutMetricData", { Namespace: namespace, MetricData: data }, principal)
      .catch((error: Error) =>
        kernel.log("warn", `CloudWatch rejected the metrics of a log event: ${error.message}`, { namespace }),
      );
}
