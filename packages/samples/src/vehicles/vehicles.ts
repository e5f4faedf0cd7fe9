// One vehicle on a street, in any weather, color, size and place, sometimes partly hidden.
import { classifier, standing } from "../toolkit/scene.ts";
import { ellipse } from "../toolkit/shapes.ts";
import { sampleName } from "../toolkit/sample.ts";
import { CLASSES, DRAW } from "./kinds.ts";
import { post, street } from "./road.ts";

export const vehicles = classifier({
  model: "vehicles",
  classes: CLASSES,
  size: { width: [240, 420], ratio: [0.65, 0.95] },
  nameOf: sampleName,
  draw(label, canvas) {
    const { width, height, chance } = canvas;
    const road = height * chance.between(0.7, 0.88);
    const scale = (width / 340) * chance.between(chance.chance(0.1) ? 0.5 : 0.75, 1.15);
    const subject = [ellipse(0, 3, 110, 6, "rgba(0,0,0,0.25)"), ...DRAW[label](chance)];
    const x = width / 2 + chance.between(-0.09, 0.09) * width;
    return [
      ...street(canvas, road),
      standing(canvas, subject, { x, ground: road, scale, lean: chance.between(-4, 4) }),
      ...post(canvas),
    ];
  },
});
