// The queue of open reviews: pages of the API, updated by live events and by verdicts of this page.
import type { ReviewItem } from "@sluice/core/review/list.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { type ApiError, toApiError } from "../../api/problem.ts";

export type ReadPage = (
  cursor: string | undefined,
) => Promise<{ items: ReviewItem[]; cursor?: string | undefined }>;

/** More are loaded when fewer are left, so that the next one is shown at once. */
const MIN_ITEMS = 25;
/** Pages may be short or empty. */
const MAX_PAGES = 10;

export class Queue {
  readonly items = signal<readonly ReviewItem[]>([]);
  readonly loading = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  readonly ended = signal(false);
  private readonly model: string | undefined;
  private readonly readPage: ReadPage;
  private readonly removed = new Set<string>();
  private cursor: string | undefined;

  constructor(model: string | undefined, readPage: ReadPage) {
    this.model = model;
    this.readPage = readPage;
  }

  /** Loads more reviews. Concurrent calls do nothing. */
  readonly loadMore = async (): Promise<void> => {
    if (this.loading.peek() || this.ended.peek()) return;
    this.loading.value = true;
    this.error.value = undefined;
    try {
      for (let page = 0; page < MAX_PAGES && this.items.peek().length < MIN_ITEMS; page++) {
        const { items, cursor } = await this.readPage(this.cursor);
        const known = new Set(this.items.peek().map(({ id }) => id));
        const fresh = items.filter(({ id }) => !known.has(id) && !this.removed.has(id));
        this.items.value = [...this.items.peek(), ...fresh];
        this.cursor = cursor;
        this.ended.value = cursor === undefined;
        if (cursor === undefined) break;
      }
    } catch (error) {
      this.error.value = toApiError(error);
    } finally {
      this.loading.value = false;
    }
  };

  /** Applies a live update. */
  update(prediction: Prediction): void {
    const { id, model, review } = prediction;
    const open = review?.status === "open" && (this.model === undefined || model === this.model);
    if (!open) return this.remove(id);
    if (this.removed.has(id) || this.items.peek().some((item) => item.id === id)) return;
    this.items.value = [prediction, ...this.items.peek()];
  }

  /** Removes a review before its verdict is saved, so that the next one is shown at once. */
  remove(id: string): void {
    this.removed.add(id);
    const items = this.items.peek();
    if (items.some((item) => item.id === id)) this.items.value = items.filter((item) => item.id !== id);
    if (this.items.peek().length < MIN_ITEMS) void this.loadMore();
  }

  /** Adds a review again whose verdict could not be saved. */
  restore(prediction: ReviewItem): void {
    this.removed.delete(prediction.id);
    this.items.value = [prediction, ...this.items.peek().filter(({ id }) => id !== prediction.id)];
  }
}
