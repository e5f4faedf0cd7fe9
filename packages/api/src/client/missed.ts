// The changes that a client missed. The connection is subscribed before they are read, so that there is no gap between
// them and live changes.
import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Subscribe, Subscribed } from "@sluice/core/live/live.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { INDEX_LAG_MS, type Clock } from "./connection.ts";
import type { SeenChanges } from "./seen.ts";

/** Reads a page of the API with the token. */
export type ReadPage = (
  path: "/changes" | "/events",
  query: Record<string, string>,
  signal: AbortSignal,
) => Promise<{ items: unknown[]; cursor?: string | undefined }>;

export interface MissedOptions {
  model?: string;
  /** ISO instant of the first change. Default: the start. */
  since?: string;
  /** Most pages to read of each list. */
  maxPages?: number;
  /** For more changes than a message holds. */
  readPage: ReadPage;
  /** More was missed than `maxPages` hold: the caller's own lists must be read again. */
  onReset?(): void;
}

/** An event that could not be published is published by the reconciler, up to six minutes later. */
const LATE_MS = 10 * 60_000;
/** The server accepts at most a day. */
const MAX_ELAPSED_MS = 86_400_000;

export class MissedChanges {
  readonly #options: MissedOptions;
  readonly #seen: SeenChanges;
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** The server's time of the first change that matters. */
  #first: string | undefined;
  /** The next connection asks for changes from here. */
  #from: string | undefined;
  #complete = false;

  constructor(options: MissedOptions, seen: SeenChanges, clock: Clock) {
    this.#options = options;
    this.#seen = seen;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#first = options.since;
    this.#from = options.since;
  }

  /** Of the client's clock only a difference is used: it may be wrong. */
  after(at?: string): Subscribe["after"] {
    if (at !== undefined) return this.#notBeforeFirst(earlier(at, INDEX_LAG_MS));
    this.#complete = false;
    const elapsed = this.#clock.now() - this.#startedAt;
    return this.#from ?? Math.min(Math.max(0, elapsed), MAX_ELAPSED_MS);
  }

  /** For each message: all changes before it have arrived, unless missed ones are still being read. */
  advance(at: string): void {
    if (!this.#complete) return;
    this.#from = this.#notBeforeFirst(earlier(at, LATE_MS));
    this.#seen.forgetBefore(earlier(at, 2 * LATE_MS));
  }

  async add({ at, from, predictions, events, more }: Subscribed, signal: AbortSignal): Promise<void> {
    this.#first ??= from;
    this.#from ??= from;
    if (more) await this.#readLists(from, at, signal);
    for (const one of predictions) this.#seen.addPrediction(one, at);
    for (const one of events) this.#seen.addEvent(one, at);
    this.#complete = true;
    this.advance(at);
  }

  #notBeforeFirst(from: string): string {
    return this.#first !== undefined && from < this.#first ? this.#first : from;
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
