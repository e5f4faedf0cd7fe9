import { times } from "../toolkit/random.ts";
import { group } from "../toolkit/shapes.ts";
import type { Symbol } from "./pen.ts";

export const toilet: Symbol = {
  class: "fixture",
  width: [38, 44],
  depth: [62, 72],
  draw: (w, d, { box, round }) =>
    group([
      box(w * 0.05, 0, w * 0.9, d * 0.28, 2),
      round(w / 2, d * 0.62, w / 2, d * 0.38),
      round(w / 2, d * 0.64, w * 0.33, d * 0.26),
    ]),
};

export const basin: Symbol = {
  class: "fixture",
  width: [50, 90],
  depth: [42, 52],
  draw: (w, d, { box, round }) =>
    group([box(0, 0, w, d, 6), round(w / 2, d * 0.55, w * 0.36, d * 0.32), round(w / 2, d * 0.14, 3.5, 3.5)]),
};

export const bath: Symbol = {
  class: "fixture",
  width: [155, 180],
  depth: [70, 80],
  draw: (w, d, { box, round }) =>
    group([box(0, 0, w, d), box(7, 7, w - 14, d - 14, 28), round(24, d / 2, 5, 5)]),
};

export const shower: Symbol = {
  class: "fixture",
  width: [80, 110],
  depth: [80, 110],
  draw: (w, d, { box, round, stroke, chance }) =>
    group([
      box(0, 0, w, d),
      ...(chance.chance(0.6)
        ? [stroke(0, 0, w, d), stroke(0, d, w, 0)]
        : [round(w / 2, d / 2, w * 0.38, d * 0.38)]),
      round(w / 2, d / 2, 7, 7),
    ]),
};

export const hob: Symbol = {
  class: "fixture",
  width: [56, 62],
  depth: [54, 60],
  draw: (w, d, { box, round }) =>
    group([
      box(0, 0, w, d),
      ...[0.28, 0.72].flatMap((x) => [0.3, 0.7].map((y) => round(w * x, d * y, w * 0.16, w * 0.16))),
    ]),
};

export const kitchenSink: Symbol = {
  class: "fixture",
  width: [75, 105],
  depth: [48, 56],
  draw: (w, d, { box, stroke }) =>
    group([
      box(0, 0, w, d, 3),
      box(w * 0.06, d * 0.2, w * 0.38, d * 0.68, 7),
      ...times(4, (at) => stroke(w * (0.55 + at * 0.11), d * 0.24, w * (0.55 + at * 0.11), d * 0.84)),
    ]),
};

export const fridge: Symbol = {
  class: "fixture",
  width: [58, 66],
  depth: [58, 66],
  draw: (w, d, { box, stroke }) =>
    group([box(0, 0, w, d), stroke(0, d * 0.86, w, d * 0.86), stroke(w / 2, 0, w / 2, d * 0.86)]),
};
