// Which boxes are shown: hidden classes, and the confidence that a box must reach.
import { signal } from "@preact/signals";
import type { Box } from "./box.ts";

/** A box of a model, or of a label (without confidence). */
export interface ImageBox extends Box {
  confidence?: number | undefined;
  /** The confidence is below the threshold of the class. */
  below?: boolean | undefined;
}

/** A shown box. `at`: its index among the boxes, shown or not; -1 if it cannot be selected. */
export interface ShownBox extends ImageBox {
  at: number;
}

export class Display {
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  /** Undefined: each class has its own threshold. */
  readonly confidence = signal<number | undefined>(undefined);

  /** Whether the confidence of a box is high enough. */
  reaches({ confidence, below }: ImageBox): boolean {
    const least = this.confidence.value;
    return least === undefined || confidence === undefined ? !below : confidence >= least;
  }

  isHidden(name: string): boolean {
    return this.hidden.value.has(name);
  }

  toggle(name: string): void {
    const hidden = new Set(this.hidden.peek());
    if (!hidden.delete(name)) hidden.add(name);
    this.hidden.value = hidden;
  }

  hideAll(names: readonly string[]): void {
    this.hidden.value = new Set(names);
  }

  showAll(): void {
    this.hidden.value = new Set();
  }
}
