// The list behind the view: pages of the past, merged over the models asked for, and what changes now. It outlives
// the view, so that the way back finds it as it was.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { type Filters, matches } from "./filters.ts";

export interface PageWish extends Omit<Filters, "model"> {
  model: string;
  cursor?: string;
}
export type ReadPage = (wish: PageWish) => Promise<{ items: Prediction[]; cursor?: string | undefined }>;

/** One model's time line, newest first. */
interface Line {
  model: string;
  cursor?: string | undefined;
  waiting: Prediction[];
  ended: boolean;
}

/** The API may answer empty pages with a cursor: a day without a match. After so many a person may want to stop. */
const PAGES_AT_ONCE = 30;

export class Feed {
  readonly items = signal<readonly Prediction[]>([]);
  readonly loading = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  readonly ended = signal(false);
  /** How far down the list was. */
  scrollTop = 0;
  private readonly filters: Filters;
  private readonly read: ReadPage;
  private readonly lines: Line[];
  private readonly known = new Map<string, Prediction>();

  constructor(filters: Filters, models: string[], read: ReadPage) {
    this.filters = filters;
    this.read = read;
    this.lines = models.map((model) => ({ model, waiting: [], ended: false }));
  }

  /** Adds the next stretch of the past. Called often: only the first call of many does anything. */
  readonly more = async (): Promise<void> => {
    if (this.loading.peek() || this.ended.peek()) return;
    this.loading.value = true;
    this.error.value = undefined;
    try {
      for (let page = 0; page < PAGES_AT_ONCE; page++) {
        await Promise.all(this.lines.map((line) => this.fill(line)));
        const older = this.merge();
        this.ended.value = this.lines.every((line) => line.ended && line.waiting.length === 0);
        this.append(older);
        if (older.length > 0 || this.ended.peek()) break;
      }
    } catch (error) {
      this.error.value = asApiError(error);
    } finally {
      this.loading.value = false;
    }
  };

  /** A change, as it is told: a new row, another look of one, or one that no longer belongs. Answers rows put on top. */
  apply(prediction: Prediction): number {
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
    // What is older than all that is loaded comes with its page.
    if (at === -1 && !this.ended.peek() && items.length > 0) {
      this.known.delete(prediction.id);
      return 0;
    }
    this.items.value = items.toSpliced(at === -1 ? items.length : at, 0, prediction);
    return at === 0 ? 1 : 0;
  }

  private async fill(line: Line) {
    if (line.ended || line.waiting.length > 0) return;
    const { model: _, ...filters } = this.filters;
    const wish = { ...filters, model: line.model, ...(line.cursor && { cursor: line.cursor }) };
    const { items, cursor } = await this.read(wish);
    line.waiting = items;
    line.cursor = cursor;
    line.ended = cursor === undefined;
  }

  /** The newest of all lines, as long as every line that goes on has something to compare with. */
  private merge(): Prediction[] {
    const merged: Prediction[] = [];
    for (;;) {
      if (this.lines.some((line) => !line.ended && line.waiting.length === 0)) return merged;
      const [first] = this.lines
        .filter(({ waiting }) => waiting.length > 0)
        .toSorted((a, b) => (isNewer(a.waiting[0]!, b.waiting[0]!) ? -1 : 1));
      if (!first) return merged;
      merged.push(first.waiting.shift()!);
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
