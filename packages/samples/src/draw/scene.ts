// One subject of one class, photographed somewhere: what all classifiers' pictures have in common.
import { type Random, random } from "../random.ts";
import type { Generator, Sample } from "../sample.ts";
import { times } from "../sample.ts";
import { css, hsl } from "./colour.ts";
import { type Mark, all, flipOf, line, moved, oval, placed, rect } from "./ink.ts";
import { photoLens } from "./photo.ts";
import { contentTypeOf, develop, extensionOf } from "./picture.ts";

/** Where it is drawn, and with what luck. */
export interface Canvas {
  width: number;
  height: number;
  chance: Random;
}

export interface Subject<Class extends string> {
  model: string;
  classes: readonly Class[];
  /** Of the picture's width to its height. */
  shape: { width: [number, number]; ratio: [number, number] };
  nameOf(seed: number, index: number): string;
  draw(label: Class, canvas: Canvas): Mark[];
}

export function classifier<Class extends string>(subject: Subject<Class>): Generator {
  const { model, classes, shape } = subject;
  return {
    task: "image-classification",
    classes,
    async generate(seed, index): Promise<Sample> {
      const label = classes[index % classes.length]!;
      const chance = random(model, seed, index);
      const width = chance.int(...shape.width);
      const canvas = { width, height: Math.round(width * chance.between(...shape.ratio)), chance };
      const lens = photoLens(chance, canvas.width, canvas.height);
      const { svg } = all([...subject.draw(label, canvas), ...hazards(canvas)]);
      return {
        name: `${subject.nameOf(seed, index)}.${extensionOf(lens)}`,
        contentType: contentTypeOf(lens),
        label,
        bytes: await develop(svg, lens, chance),
      };
    },
  };
}

/** A subject drawn around the origin, its feet at zero, put on the ground and facing either way. */
export const standing = (
  { chance }: Canvas,
  subject: Mark[],
  { x, ground, scale, lean = 0 }: { x: number; ground: number; scale: number; lean?: number },
): Mark => moved(placed(x, ground, scale, lean, flipOf(chance)), all(subject));

/** What spoils one photograph in a few: weather, dirt, and things that stand in the way. */
function hazards({ width, height, chance }: Canvas): Mark[] {
  const kind = chance.next();
  if (kind < 0.04)
    return times(60, () => {
      const [x, y] = [chance.next() * width, chance.next() * height];
      return line(x, y, x - 4, y + chance.between(8, 20), "rgba(230,235,245,.45)", 1);
    });
  if (kind < 0.08)
    return [rect(0, 0, width, height, { fill: css(hsl(210, 8, 80)), opacity: chance.between(0.25, 0.55) })];
  if (kind < 0.12)
    return times(chance.int(2, 6), () =>
      oval(chance.next() * width, chance.next() * height, chance.between(4, 16), chance.between(4, 14), {
        fill: "#2a2522",
        opacity: chance.between(0.2, 0.5),
      }),
    );
  if (kind < 0.17) {
    const x = chance.between(0.25, 0.7) * width;
    return [
      rect(x, 0, chance.between(0.05, 0.14) * width, height, {
        fill: css(hsl(28, 15, chance.between(18, 40))),
      }),
    ];
  }
  return [];
}
