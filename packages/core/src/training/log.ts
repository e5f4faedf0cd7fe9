// A job's log and the metrics in it, from CloudWatch Logs.
import { FilterLogEventsCommand, type FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import * as z from "zod";
import { logs } from "../aws/logs.ts";
import { SluiceError } from "../error/error.ts";
import { pointOf, type Point } from "./metric.ts";
import { hasEnded, type TrainingRun } from "./training.ts";

export const logGroup = "/aws/sagemaker/TrainingJobs";

export const LogQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  cursor: z.string().max(2_000).optional(),
});

/** `seen` are the ids of events read at the millisecond `from`. */
const Position = z.object({ from: z.number(), seen: z.array(z.string()) });
type Position = z.output<typeof Position>;

export interface LogPage {
  items: { at: string; line: string }[];
  /** Continues after the last line. */
  cursor: string;
  /** No more lines follow. */
  over: boolean;
}

const EVENTS_PER_PAGE = 1_000;
/** A filter on the stream's name may return empty pages. */
const MAX_PAGES = 20;

export async function logOf(
  run: TrainingRun,
  { limit, cursor }: z.output<typeof LogQuery>,
): Promise<LogPage> {
  const position = cursor === undefined ? { from: 0, seen: [] } : decode(cursor);
  const events: FilteredLogEvent[] = [];
  let more = false;
  for await (const event of read(run.name, position.from)) {
    if (position.seen.includes(event.eventId!)) continue;
    if (events.length === limit) {
      more = true;
      break;
    }
    events.push(event);
  }
  const last = events.at(-1)?.timestamp;
  const next: Position =
    last === undefined
      ? position
      : {
          from: last,
          seen: [
            ...(last === position.from ? position.seen : []),
            ...events.filter(({ timestamp }) => timestamp === last).map(({ eventId }) => eventId!),
          ],
        };
  return {
    items: events.map(({ timestamp, message }) => ({
      at: new Date(timestamp!).toISOString(),
      line: (message ?? "").replace(/\n$/, ""),
    })),
    cursor: Buffer.from(JSON.stringify(next)).toString("base64url"),
    over: !more && hasEnded(run.status),
  };
}

export interface Metrics {
  points: Point[];
  last: Record<string, number>;
  epochs?: number;
}

export async function metricsOf(run: TrainingRun): Promise<Metrics> {
  // A job that continued after an interruption may log an epoch twice: the later one counts.
  const points = new Map<number, Point>();
  const pattern = run.container === "builtin" ? '"-accuracy="' : '"epoch="';
  for await (const { message, timestamp } of read(run.name, 0, pattern)) {
    const point = pointOf(message ?? "", new Date(timestamp!).toISOString());
    if (!point) continue;
    const before = points.get(point.epoch)?.values;
    points.set(point.epoch, { ...point, values: { ...before, ...point.values } });
  }
  const list = [...points.values()].toSorted((a, b) => a.epoch - b.epoch);
  const epochs = list.at(-1)?.epochs ?? Number(run.hyperparameters?.["epochs"] ?? Number.NaN);
  return {
    points: list,
    last: { ...list.at(-1)?.values, ...run.metrics },
    epochs: Number.isFinite(epochs) ? epochs : undefined,
  };
}

async function* read(job: string, from: number, filterPattern?: string): AsyncGenerator<FilteredLogEvent> {
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const output = await logs()
      .send(
        new FilterLogEventsCommand({
          logGroupName: logGroup,
          logStreamNamePrefix: `${job}/`,
          startTime: from,
          limit: EVENTS_PER_PAGE,
          filterPattern,
          nextToken,
        }),
      )
      .catch((error: Error) => {
        // No job of this account has written a log yet.
        if (error.name === "ResourceNotFoundException") return undefined;
        throw error;
      });
    yield* output?.events ?? [];
    nextToken = output?.nextToken;
    if (!nextToken) return;
  }
}

function decode(cursor: string): Position {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.", { cause });
  }
}
