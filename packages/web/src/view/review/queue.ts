// What waits for a person: the newest pages, what comes in meanwhile, and without what was settled, here or elsewhere.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { type ApiError, asApiError } from "../../api/problem.ts";

export type ReadPage = (
  cursor: string | undefined,
) => Promise<{ items: Prediction[]; cursor?: string | undefined }>;

/** So many are at hand before more are asked for: nobody waits for the next one. */
const AT_HAND = 25;
/** The API may answer short pages, even empty ones. */
const PAGES_AT_ONCE = 10;

export class Queue {
  readonly items = signal<readonly Prediction[]>([]);
  readonly loading = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  readonly ended = signal(false);
  private readonly model: string | undefined;
  private readonly read: ReadPage;
  private readonly taken = new Set<string>();
  private cursor: string | undefined;

  constructor(model: string | undefined, read: ReadPage) {
    this.model = model;
    this.read = read;
  }

  /** Fills up what is at hand. Only the first call of many at once does anything. */
  readonly more = async (): Promise<void> => {
    if (this.loading.peek() || this.ended.peek()) return;
    this.loading.value = true;
    this.error.value = undefined;
    try {
      for (let page = 0; page < PAGES_AT_ONCE && this.items.peek().length < AT_HAND; page++) {
        const { items, cursor } = await this.read(this.cursor);
        const known = new Set(this.items.peek().map(({ id }) => id));
        const fresh = items.filter(({ id }) => !known.has(id) && !this.taken.has(id));
        this.items.value = [...this.items.peek(), ...fresh];
        this.cursor = cursor;
        this.ended.value = cursor === undefined;
        if (cursor === undefined) break;
      }
    } catch (error) {
      this.error.value = asApiError(error);
    } finally {
      this.loading.value = false;
    }
  };

  /** A change, as it is told live. */
  apply(prediction: Prediction): void {
    const { id, model, review } = prediction;
    const open = review?.status === "open" && (this.model === undefined || model === this.model);
    if (!open) return this.take(id);
    if (this.taken.has(id) || this.items.peek().some((item) => item.id === id)) return;
    this.items.value = [prediction, ...this.items.peek()];
  }

  /** Out of the queue, at once: whoever goes on need not wait for the answer. */
  take(id: string): void {
    this.taken.add(id);
    const items = this.items.peek();
    if (items.some((item) => item.id === id)) this.items.value = items.filter((item) => item.id !== id);
    if (this.items.peek().length < AT_HAND) void this.more();
  }

  /** Back again: it could not be settled. */
  back(prediction: Prediction): void {
    this.taken.delete(prediction.id);
    this.items.value = [prediction, ...this.items.peek().filter(({ id }) => id !== prediction.id)];
  }
}
