// Reads the changes that a client missed, from the API's lists. The connection is subscribed before, so that there is no
// gap between them and live changes.
import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Clock } from "./connection.ts";
import type { SeenChanges } from "./seen.ts";

interface Page {
  items: unknown[];
  cursor?: string | undefined;
}
/** Reads a page of the API with the token. */
export type ReadPage = (
  path: "/changes" | "/events",
  query: Record<string, string>,
  signal: AbortSignal,
) => Promise<Page>;

export interface MissedOptions {
  model?: string;
  /** ISO instant of the first change. Default: the start. */
  since?: string;
  /** Most pages to read of each list. */
  maxPages?: number;
  readPage: ReadPage;
  /** More was missed than `maxPages` hold: the caller's own lists must be read again. */
  onReset?(): void;
}

/** An event that could not be published is published by the reconciler, up to six minutes later. */
const LATE_MS = 10 * 60_000;
/** An index may lag behind its table: changes just before the subscription are read again. */
const INDEX_LAG_MS = 5_000;

export class MissedChanges {
  readonly #options: MissedOptions;
  readonly #seen: SeenChanges;
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** The server's time of the first change that matters. */
  #first: string | undefined;
  /** The next list starts here. */
  #from: string | undefined;
  #reading = false;

  constructor(options: MissedOptions, seen: SeenChanges, clock: Clock) {
    this.#options = options;
    this.#seen = seen;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#first = options.since;
  }

  /** For each message: all changes before it have arrived, unless missed ones are still being read. */
  advance(at: string): void {
    if (this.#reading || this.#first === undefined) return;
    const from = earlier(at, LATE_MS);
    this.#from = from > this.#first ? from : this.#first;
    this.#seen.forgetBefore(earlier(from, LATE_MS));
  }

  /** Reads what was missed when the connection was subscribed at `at`. */
  async read(at: string, signal: AbortSignal): Promise<void> {
    // Of the client's clock only a difference is used: it may be wrong.
    this.#first ??= earlier(at, this.#clock.now() - this.#startedAt);
    this.#reading = true;
    await this.#readLists(this.#from ?? this.#first, at, signal);
    this.#reading = false;
    this.advance(at);
  }

  /** Some seconds later, without waiting for it. */
  readAgain(at: string, signal: AbortSignal): void {
    const from = earlier(at, INDEX_LAG_MS);
    const cancel = this.#clock.after(INDEX_LAG_MS, () => {
      const since = this.#first !== undefined && from < this.#first ? this.#first : from;
      // Only a repetition: the next connection reads this time as well.
      this.#readLists(since, at, signal).catch(() => {});
    });
    signal.addEventListener("abort", cancel);
  }

  async #readLists(from: string, at: string, signal: AbortSignal): Promise<void> {
    const { model, readPage, maxPages = Infinity, onReset } = this.#options;
    const readList = async (
      path: "/changes" | "/events",
      limit: string,
      take: (items: unknown[]) => void,
    ) => {
      let cursor: string | undefined;
      for (let pages = 0; pages === 0 || cursor !== undefined; pages++) {
        if (pages === maxPages) return onReset?.();
        const query = { from, limit, ...(model && { model }), ...(cursor && { cursor }) };
        const page = await readPage(path, query, signal);
        signal.throwIfAborted();
        take(page.items);
        cursor = page.cursor;
      }
    };
    // Newest first.
    const events: EventRecord[] = [];
    await readList("/events", "200", (items) => events.push(...(items as EventRecord[])));
    for (const { id, type, subject, model: of } of events.toReversed())
      this.#seen.addEvent({ id, type, subject, model: of }, at);
    await readList("/changes", "500", (items) => {
      for (const one of items as Prediction[]) this.#seen.addPrediction(one, at);
    });
  }
}

const earlier = (at: string, ms: number) => new Date(Date.parse(at) - ms).toISOString();
