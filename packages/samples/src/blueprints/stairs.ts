import { times } from "../toolkit/random.ts";
import { arc, polygon, group } from "../toolkit/shapes.ts";
import type { Symbol } from "./pen.ts";

const straightStair: Symbol = {
  class: "stair",
  width: [85, 115],
  depth: [230, 340],
  draw(w, d, { box, stroke, style }) {
    const steps = Math.round(d / 27);
    const [tip, end] = [d * 0.92, d * 0.06];
    return group([
      box(0, 0, w, d),
      ...times(steps - 1, (at) => stroke(0, ((at + 1) * d) / steps, w, ((at + 1) * d) / steps)),
      stroke(w / 2, end, w / 2, tip),
      polygon(style.ink, w / 2 - 8, tip - 16, w / 2 + 8, tip - 16, w / 2, tip),
    ]);
  },
};

const turningStair: Symbol = {
  class: "stair",
  width: [190, 220],
  depth: [200, 270],
  draw(w, d, { box, stroke }) {
    const landing = w / 2;
    const steps = Math.round((d - landing) / 27);
    return group([
      box(0, 0, w, d),
      stroke(w / 2, landing, w / 2, d),
      ...times(steps, (at) =>
        stroke(0, landing + (at * (d - landing)) / steps, w, landing + (at * (d - landing)) / steps),
      ),
      stroke(w / 4, d * 0.95, w / 4, landing / 2),
      stroke(w / 4, landing / 2, (3 * w) / 4, landing / 2),
      stroke((3 * w) / 4, landing / 2, (3 * w) / 4, d * 0.95),
    ]);
  },
};

const spiralStair: Symbol = {
  class: "stair",
  width: [140, 180],
  depth: [140, 180],
  draw(w, _, { round, stroke, style }) {
    const r = w / 2;
    const steps = 14;
    const thin = style.line * 0.75;
    return group([
      round(r, r, r, r),
      round(r, r, 9, 9),
      ...times(steps, (at) => {
        const angle = (2 * Math.PI * at) / steps;
        const on = (far: number) => [r + Math.cos(angle) * far, r + Math.sin(angle) * far] as const;
        return stroke(...on(9), ...on(r - thin / 2));
      }),
      arc(r, r, r * 0.6, 20, 290, { stroke: style.ink, width: thin }),
    ]);
  },
};

/** Straight stairs are the most frequent. */
export const STAIRS = [straightStair, straightStair, turningStair, spiralStair];
