// Generators for images: one subject of one class, or any number of shapes with boxes.
import { cameraSettings, fog, nightSettings } from "./camera.ts";
import { type Canvas, type SizeRange, randomCanvas, cover } from "./canvas.ts";
import { tone } from "./colour.ts";
import { type Random, random, times } from "./random.ts";
import { type ImageSettings, renderImage, contentTypeOf, extensionOf } from "./render.ts";
import { CONDITIONS, type Sample, type Generator, sampleName } from "./sample.ts";
import { type Shape, line, rect, ellipse, group } from "./shapes.ts";
import { placement, transform, boundingBox, randomFlip } from "./transform.ts";

export interface Subject<Class extends string> {
  model: string;
  classes: readonly Class[];
  size: SizeRange;
  nameOf(seed: number, index: number): string;
  draw(label: Class, canvas: Canvas): Shape[];
}

export function classifier<Class extends string>(subject: Subject<Class>): Generator {
  const { model, classes, size } = subject;
  return {
    task: "image-classification",
    classes,
    conditions: CONDITIONS,
    async generate(seed, index, conditions = "day") {
      const label = classes[index % classes.length]!;
      const chance = random(model, seed, index);
      const canvas = randomCanvas(size, chance);
      const settings = cameraSettings(canvas);
      const shapes = [...subject.draw(label, canvas), ...disturbances(canvas)];
      const name = subject.nameOf(seed, index);
      if (conditions === "day")
        return { ...(await imageFile(name, group(shapes).svg, settings, chance)), label };
      const { svg } = group([...shapes, fog(canvas)]);
      return { ...(await imageFile(`${name}-night`, svg, nightSettings(settings, canvas), chance)), label };
    },
  };
}

interface DetectionScene {
  settings: ImageSettings;
  svg: string;
  objects: { class: string; shape: Pick<Shape, "hull"> }[];
}

export function detector<Class extends string>(
  model: string,
  classes: readonly Class[],
  draw: (index: number, chance: Random) => DetectionScene,
): Generator {
  return {
    task: "object-detection",
    classes,
    async generate(seed, index) {
      const chance = random(model, seed, index);
      const { settings, svg, objects } = draw(index, chance);
      const { width, height } = settings;
      return {
        ...(await imageFile(sampleName(seed, index), svg, settings, chance)),
        boxes: objects.flatMap(({ class: name, shape }) => boundingBox(name, shape, width, height) ?? []),
        width,
        height,
      };
    },
  };
}

async function imageFile(
  name: string,
  svg: string,
  settings: ImageSettings,
  chance: Random,
): Promise<Pick<Sample, "name" | "contentType" | "bytes">> {
  return {
    name: `${name}.${extensionOf(settings)}`,
    contentType: contentTypeOf(settings),
    bytes: await renderImage(svg, settings, chance),
  };
}

/** Places a subject, drawn with its feet at the origin, on the ground; it faces either way. */
export const standing = (
  { chance }: Canvas,
  subject: Shape[],
  { x, ground, scale, lean = 0 }: { x: number; ground: number; scale: number; lean?: number },
): Shape => transform(placement(x, ground, scale, lean, randomFlip(chance)), group(subject));

/** Rain, fog, dirt or an obstacle, in one image of six. */
function disturbances(canvas: Canvas): Shape[] {
  const { width, height, chance } = canvas;
  const kind = chance.next();
  if (kind < 0.04)
    return times(60, () => {
      const [x, y] = [chance.next() * width, chance.next() * height];
      return line(x, y, x - 4, y + chance.between(8, 20), "rgba(230,235,245,.45)", 1);
    });
  if (kind < 0.08) return [cover(canvas, { fill: tone(210, 8, 80), opacity: chance.between(0.25, 0.55) })];
  if (kind < 0.12)
    return times(chance.int(2, 6), () =>
      ellipse(chance.next() * width, chance.next() * height, chance.between(4, 16), chance.between(4, 14), {
        fill: "#2a2522",
        opacity: chance.between(0.2, 0.5),
      }),
    );
  if (kind < 0.17) {
    const x = chance.between(0.25, 0.7) * width;
    return [rect(x, 0, chance.between(0.05, 0.14) * width, height, tone(28, 15, chance.between(18, 40)))];
  }
  return [];
}
