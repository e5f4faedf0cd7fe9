// The boxes as a person sets them right: what is selected, what was said of the last change, and the way back.
import { computed, signal } from "@preact/signals";
import { type Box, clipped, middle, placeOf, type Size } from "./box.ts";

interface Step {
  boxes: readonly Box[];
  selected: number | undefined;
  /** Of changes that belong together, like those of a key that is held down: one way back. */
  together: string | undefined;
}

export class Drawing {
  readonly size: Size;
  readonly classes: readonly string[];
  readonly selected = signal<number | undefined>(undefined);
  /** What changed last, for whoever does not see it. */
  readonly said = signal("");
  /** On its way to the other side: what is changed now would be lost. */
  readonly sealed = signal(false);
  private readonly stands;
  private readonly past = signal<readonly Step[]>([]);
  private readonly under = signal<{ at: number; box: Box } | undefined>(undefined);
  private readonly last;

  constructor(size: Size, classes: readonly string[], boxes: readonly Box[]) {
    this.size = size;
    this.classes = classes;
    this.stands = signal<readonly Box[]>(boxes.map((box) => clipped(box, size)));
    this.last = signal(classes[0]!);
  }

  /** With the one that is being dragged where it is just now. */
  readonly boxes = computed<readonly Box[]>(() => {
    const under = this.under.value;
    return under ? placed(this.stands.value, under.at, under.box) : this.stands.value;
  });
  readonly changed = computed(() => this.past.value.length > 0);
  /** Of the selected box, or of the next one that is drawn. */
  readonly class = computed(() => this.current?.class ?? this.last.value);

  /** Without what is being dragged. */
  get settled(): readonly Box[] {
    return this.stands.peek();
  }

  get current(): Box | undefined {
    const at = this.selected.value;
    return at === undefined ? undefined : this.stands.value[at];
  }

  select(at: number | undefined): void {
    if (at === this.selected.peek()) return;
    this.selected.value = at;
  }

  /** Shown, but not done yet: nothing ends it. */
  drag(at: number, box: Box | undefined): void {
    this.under.value = box && { at, box };
  }

  /** A box in its new place; behind the last one it is a new one. */
  put(at: number, box: Box, together?: string): void {
    const added = at === this.stands.peek().length;
    const said = `${box.class} ${added ? "added" : "set"}: ${placeOf(box)}`;
    this.change(placed(this.stands.peek(), at, box), at, said, together);
  }

  add(): void {
    this.put(this.stands.peek().length, middle(this.class.peek(), this.size));
  }

  remove(): void {
    const [at, boxes, box] = [this.selected.peek(), this.stands.peek(), this.current];
    if (at === undefined || !box) return;
    const left = boxes.filter((_, index) => index !== at);
    this.change(
      left,
      left.length === 0 ? undefined : Math.min(at, left.length - 1),
      `${box.class} deleted, ${left.length} left`,
    );
  }

  name(name: string): void {
    this.last.value = name;
    const [at, box] = [this.selected.peek(), this.current];
    if (at === undefined || !box) this.said.value = `The next one is: ${name}`;
    else if (box.class !== name)
      this.change(placed(this.stands.peek(), at, { ...box, class: name }), at, `${box.class} is ${name} now`);
  }

  /** Those of another drawing of the same picture. */
  take(boxes: readonly Box[]): void {
    this.change(boxes, undefined, `${boxes.length} on the picture now`);
  }

  undo(): void {
    const step = this.past.peek().at(-1);
    if (!step || this.sealed.peek()) return;
    this.under.value = undefined;
    this.past.value = this.past.peek().slice(0, -1);
    this.stands.value = step.boxes;
    this.selected.value = step.selected;
    this.said.value = `Undone, ${step.boxes.length} on the picture`;
  }

  /** Nothing is drawn while what has been is on its way. */
  async sealedFor<T>(sending: Promise<T>): Promise<T> {
    this.sealed.value = true;
    try {
      return await sending;
    } finally {
      this.sealed.value = false;
    }
  }

  private change(boxes: readonly Box[], selected: number | undefined, said: string, together?: string) {
    if (this.sealed.peek()) return;
    const before = this.past.peek();
    if (together === undefined || before.at(-1)?.together !== together)
      this.past.value = [...before, { boxes: this.stands.peek(), selected: this.selected.peek(), together }];
    this.stands.value = boxes;
    this.selected.value = selected;
    this.said.value = said;
  }
}

const placed = (boxes: readonly Box[], at: number, box: Box) => [
  ...boxes.slice(0, at),
  box,
  ...boxes.slice(at + 1),
];
