// The list of predictions: pages of several models merged by time, updated by live events. It is kept while the person
// visits other views.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { type ApiError, toApiError } from "../../api/problem.ts";
import { type Filters, matches } from "./filters.ts";

export interface PageRequest extends Omit<Filters, "model"> {
  model: string;
  cursor?: string;
}
export type ReadPage = (
  request: PageRequest,
) => Promise<{ items: Prediction[]; cursor?: string | undefined }>;

/** The predictions of one model, newest first. */
interface Source {
  model: string;
  cursor?: string | undefined;
  buffer: Prediction[];
  ended: boolean;
}

/** Pages may be empty before the end. After this many, the person decides whether to continue. */
const MAX_PAGES = 30;

export class Feed {
  readonly items = signal<readonly Prediction[]>([]);
  readonly loading = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  readonly ended = signal(false);
  /** Restored when the view is opened again. */
  scrollTop = 0;
  private readonly filters: Filters;
  private readonly readPage: ReadPage;
  private readonly sources: Source[];
  private readonly known = new Map<string, Prediction>();

  constructor(filters: Filters, models: string[], readPage: ReadPage) {
    this.filters = filters;
    this.readPage = readPage;
    this.sources = models.map((model) => ({ model, buffer: [], ended: false }));
  }

  /** Loads older predictions. Concurrent calls do nothing. */
  readonly loadMore = async (): Promise<void> => {
    if (this.loading.peek() || this.ended.peek()) return;
    this.loading.value = true;
    this.error.value = undefined;
    try {
      for (let page = 0; page < MAX_PAGES; page++) {
        await Promise.all(this.sources.map((source) => this.fill(source)));
        const older = this.merge();
        this.ended.value = this.sources.every((source) => source.ended && source.buffer.length === 0);
        this.append(older);
        if (older.length > 0 || this.ended.peek()) break;
      }
    } catch (error) {
      this.error.value = toApiError(error);
    } finally {
      this.loading.value = false;
    }
  };

  /** Applies a live update: adds, replaces or removes a row. Returns the number of rows added on top. */
  update(prediction: Prediction): number {
    const before = this.known.get(prediction.id);
    if (before && before.changedAt > prediction.changedAt) return 0;
    const items = this.items.peek();
    if (!matches(this.filters, prediction)) {
      if (before) this.items.value = items.filter(({ id }) => id !== prediction.id);
      this.known.delete(prediction.id);
      return 0;
    }
    this.known.set(prediction.id, prediction);
    if (before) {
      this.items.value = items.map((item) => (item.id === prediction.id ? prediction : item));
      return 0;
    }
    const at = items.findIndex((item) => !isNewer(item, prediction));
    // An older prediction will be in a later page.
    if (at === -1 && !this.ended.peek() && items.length > 0) {
      this.known.delete(prediction.id);
      return 0;
    }
    this.items.value = items.toSpliced(at === -1 ? items.length : at, 0, prediction);
    return at === 0 ? 1 : 0;
  }

  private async fill(source: Source) {
    if (source.ended || source.buffer.length > 0) return;
    const { model: _, ...filters } = this.filters;
    const request = { ...filters, model: source.model, ...(source.cursor && { cursor: source.cursor }) };
    const { items, cursor } = await this.readPage(request);
    source.buffer = items;
    source.cursor = cursor;
    source.ended = cursor === undefined;
  }

  /** The newest predictions, as long as every unfinished source has one to compare with. */
  private merge(): Prediction[] {
    const merged: Prediction[] = [];
    for (;;) {
      if (this.sources.some((source) => !source.ended && source.buffer.length === 0)) return merged;
      const [first] = this.sources
        .filter(({ buffer }) => buffer.length > 0)
        .toSorted((a, b) => (isNewer(a.buffer[0]!, b.buffer[0]!) ? -1 : 1));
      if (!first) return merged;
      merged.push(first.buffer.shift()!);
    }
  }

  private append(older: Prediction[]) {
    const fresh = older.filter(({ id }) => !this.known.has(id));
    for (const item of fresh) this.known.set(item.id, item);
    if (fresh.length > 0) this.items.value = [...this.items.peek(), ...fresh];
  }
}

const isNewer = (a: Prediction, b: Prediction) =>
  a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
