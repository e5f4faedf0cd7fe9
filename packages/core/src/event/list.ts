// Lists stored events, newest first: all, of a model, or of a subject.
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { decodeCursor, encodeCursor } from "../util/cursor.ts";
import { storedEventTypes } from "../events.ts";
import { fn } from "../util/fn.ts";
import { firstId } from "../util/ordered-id.ts";
import type { EventItem } from "./event.entity.ts";

export const EventRecord = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  model: z.string(),
  at: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type EventRecord = z.output<typeof EventRecord>;

export const EventQuery = z.object({
  model: z.string().optional(),
  type: z.string().optional(),
  subject: z.string().max(1_100).optional(),
  /** At or after, and before: ISO instants. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});
export type EventQuery = z.output<typeof EventQuery>;

export interface EventPage {
  items: EventRecord[];
  /** Continues the list; absent at its end. */
  cursor?: string;
}

/** Events are deleted afterwards. */
const RETENTION_MONTHS = 14;
const MONTHS_PER_PAGE = 2;

export const toEventRecord = (item: EventItem): EventRecord => EventRecord.parse(item);

export const listEvents = (input: z.input<typeof EventQuery>, now: number) =>
  fn(EventQuery, async ({ cursor, limit, ...query }): Promise<EventPage> => {
    check(query);
    const position = cursor ? decodeCursor(cursor, query) : undefined;
    const low = firstId("evt", query.from ? Date.parse(query.from) : 0);
    const high = position?.after?.id ?? (query.to ? firstId("evt", Date.parse(query.to)) : "evt_~");
    const items: EventItem[] = [];
    let month: string | undefined =
      position?.bucket ?? monthOf(Math.min(now, query.to ? Date.parse(query.to) : now));
    const oldest = monthOf(query.from ? Date.parse(query.from) : now - RETENTION_MONTHS * 30 * 86_400_000);
    const end = (after?: string) => ({
      items: items.map(toEventRecord),
      ...(month !== undefined && {
        cursor: encodeCursor(
          { bucket: month, ...(after !== undefined && { after: { at: "", id: after } }) },
          query,
        ),
      }),
    });
    for (let read = 0; month !== undefined && read < MONTHS_PER_PAGE; read++) {
      const found = await readMonth(query, { month, low, high, limit: limit + 1 - items.length });
      items.push(...found);
      if (items.length > limit) {
        items.length = limit;
        return end(items.at(-1)!.id);
      }
      // The events of a subject are in one partition for all months.
      month = query.subject !== undefined || month <= oldest ? undefined : before(month);
    }
    return end();
  })(input);

type Filters = Omit<EventQuery, "limit" | "cursor">;

function check({ model, type, from, to }: Filters) {
  if (model !== undefined) getModel(model);
  if (type !== undefined && !storedEventTypes.some((stored) => stored === type)) {
    throw new SluiceError("INPUT_INVALID", `type: "${type}" is not an event type.`, {
      hint: `Use one of: ${storedEventTypes.join(", ")}.`,
    });
  }
  if (from && to && Date.parse(from) > Date.parse(to))
    throw new SluiceError("INPUT_INVALID", `from: ${from} is after to, ${to}.`);
}

interface Range {
  month: string;
  low: string;
  high: string;
  limit: number;
}

async function readMonth(query: Filters, { month, low, high, limit }: Range): Promise<EventItem[]> {
  if (high <= low) return [];
  const { event } = db().entities;
  const { model, subject, type } = query;
  const index =
    subject !== undefined
      ? event.query.bySubject({ subject })
      : model !== undefined
        ? event.query.byModel({ model, month })
        : event.query.byTime({ month });
  const { data } = await index
    .between({ id: low }, { id: high })
    .where((is, { eq }) =>
      [
        type === undefined ? "" : eq(is.type, type),
        subject !== undefined && model !== undefined ? eq(is.model, model) : "",
      ]
        .filter(Boolean)
        .join(" AND "),
    )
    .go({ order: "desc", count: limit + 1 });
  // `between` includes its ends; the high one is excluded.
  return data.filter(({ id }) => id < high).slice(0, limit);
}

const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7);
const before = (month: string) => monthOf(Date.parse(`${month}-01T00:00:00Z`) - 1);
