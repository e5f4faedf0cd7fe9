// The state of the box editor: boxes, selection, last change as text, and undo history.
import { computed, signal } from "@preact/signals";
import { type Box, clipBox, centerBox, formatBox, type Size } from "./box.ts";

interface Step {
  boxes: readonly Box[];
  selected: number | undefined;
  /** Consecutive changes of the same group, such as a key that is held down, are one undo step. */
  group: string | undefined;
}

export class Drawing {
  readonly size: Size;
  readonly classes: readonly string[];
  readonly selected = signal<number | undefined>(undefined);
  /** The last change as text, for screen readers. */
  readonly message = signal("");
  /** While the boxes are being saved, changes would be lost. */
  readonly locked = signal(false);
  private readonly base;
  private readonly history = signal<readonly Step[]>([]);
  private readonly dragged = signal<{ at: number; box: Box } | undefined>(undefined);
  private readonly nextClass;

  constructor(size: Size, classes: readonly string[], boxes: readonly Box[]) {
    this.size = size;
    this.classes = classes;
    this.base = signal<readonly Box[]>(boxes.map((box) => clipBox(box, size)));
    this.nextClass = signal(classes[0]!);
  }

  /** Including the box that is being dragged. */
  readonly boxes = computed<readonly Box[]>(() => {
    const dragged = this.dragged.value;
    return dragged ? replaceAt(this.base.value, dragged.at, dragged.box) : this.base.value;
  });
  readonly changed = computed(() => this.history.value.length > 0);
  /** The class of the selected box, or of the next box. */
  readonly class = computed(() => this.current?.class ?? this.nextClass.value);

  /** Without the box that is being dragged. */
  get committed(): readonly Box[] {
    return this.base.peek();
  }

  get current(): Box | undefined {
    const at = this.selected.value;
    return at === undefined ? undefined : this.base.value[at];
  }

  select(at: number | undefined): void {
    if (at === this.selected.peek()) return;
    this.selected.value = at;
  }

  /** Shows a box during a drag. Undefined ends the drag without a change. */
  drag(at: number, box: Box | undefined): void {
    this.dragged.value = box && { at, box };
  }

  /** Replaces the box at an index. The index after the last one adds a box. */
  put(at: number, box: Box, group?: string): void {
    const added = at === this.base.peek().length;
    const message = `${box.class} ${added ? "added" : "changed"}: ${formatBox(box)}`;
    this.change(replaceAt(this.base.peek(), at, box), at, message, group);
  }

  add(): void {
    this.put(this.base.peek().length, centerBox(this.class.peek(), this.size));
  }

  remove(): void {
    const [at, boxes, box] = [this.selected.peek(), this.base.peek(), this.current];
    if (at === undefined || !box) return;
    const left = boxes.filter((_, index) => index !== at);
    this.change(
      left,
      left.length === 0 ? undefined : Math.min(at, left.length - 1),
      `${box.class} deleted, ${left.length} left`,
    );
  }

  setClass(name: string): void {
    this.nextClass.value = name;
    const [at, box] = [this.selected.peek(), this.current];
    if (at === undefined || !box) this.message.value = `Class of the next box: ${name}`;
    else if (box.class !== name)
      this.change(
        replaceAt(this.base.peek(), at, { ...box, class: name }),
        at,
        `${box.class} changed to ${name}`,
      );
  }

  replaceAll(boxes: readonly Box[]): void {
    this.change(boxes, undefined, `Replaced by ${boxes.length} boxes`);
  }

  undo(): void {
    const step = this.history.peek().at(-1);
    if (!step || this.locked.peek()) return;
    this.dragged.value = undefined;
    this.history.value = this.history.peek().slice(0, -1);
    this.base.value = step.boxes;
    this.selected.value = step.selected;
    this.message.value = `Undone, ${step.boxes.length} boxes`;
  }

  /** Prevents changes until the request completes. */
  async lockDuring<T>(request: Promise<T>): Promise<T> {
    this.locked.value = true;
    try {
      return await request;
    } finally {
      this.locked.value = false;
    }
  }

  private change(boxes: readonly Box[], selected: number | undefined, message: string, group?: string) {
    if (this.locked.peek()) return;
    const before = this.history.peek();
    if (group === undefined || before.at(-1)?.group !== group)
      this.history.value = [...before, { boxes: this.base.peek(), selected: this.selected.peek(), group }];
    this.base.value = boxes;
    this.selected.value = selected;
    this.message.value = message;
  }
}

const replaceAt = (boxes: readonly Box[], at: number, box: Box) => [
  ...boxes.slice(0, at),
  box,
  ...boxes.slice(at + 1),
];
