import { times, maybe } from "../toolkit/random.ts";
import { group } from "../toolkit/shapes.ts";
import type { Symbol } from "./pen.ts";

export const bed: Symbol = {
  class: "furniture",
  width: [90, 190],
  depth: [195, 215],
  draw(w, d, { box, stroke, chance }) {
    const pillows = w > 130 ? 2 : 1;
    const each = w / pillows;
    return group([
      box(0, 0, w, d, chance.pick([0, 6])),
      ...times(pillows, (at) => box(at * each + each * 0.12, 8, each * 0.76, 38, 5)),
      stroke(0, 62, w, 62),
      ...maybe(chance, 0.4, () => [stroke(w * 0.55, 62, w, 115)]),
    ]);
  },
};

export const sofa: Symbol = {
  class: "furniture",
  width: [75, 240],
  depth: [75, 95],
  draw(w, d, { box, stroke }) {
    const seats = Math.max(1, Math.round((w - 30) / 75));
    const seat = (w - 30) / seats;
    return group([
      box(0, 0, w, d, 8),
      box(0, 0, w, 22, 6),
      box(0, 0, 16, d, 6),
      box(w - 16, 0, 16, d, 6),
      ...times(seats - 1, (at) => stroke(15 + (at + 1) * seat, 22, 15 + (at + 1) * seat, d)),
    ]);
  },
};

export const wardrobe: Symbol = {
  class: "furniture",
  width: [80, 240],
  depth: [50, 65],
  draw(w, d, { box, stroke, chance }) {
    const rail = chance.chance(0.5);
    return group([
      box(0, 0, w, d),
      ...(rail
        ? [
            stroke(0, d / 2, w, d / 2),
            ...times(Math.floor(w / 14), (at) => stroke(8 + at * 14, d * 0.25, 8 + at * 14, d * 0.75)),
          ]
        : [stroke(0, 0, w, d), stroke(0, d, w, 0)]),
    ]);
  },
};

export const shelf: Symbol = {
  class: "furniture",
  width: [60, 200],
  depth: [28, 42],
  draw: (w, d, { box, stroke }) =>
    group([
      box(0, 0, w, d),
      ...times(Math.floor(w / 50), (at) => stroke((at + 1) * 45, 0, (at + 1) * 45, d)),
    ]),
};

export const desk: Symbol = {
  class: "furniture",
  width: [110, 170],
  depth: [120, 140],
  draw: (w, d, { box, round }) =>
    group([round(w / 2, d - 25, 25, 25), box(0, 0, w, 70), box(w / 2 - 20, 12, 40, 8)]),
};

export const diningTable: Symbol = {
  class: "furniture",
  width: [150, 260],
  depth: [150, 190],
  free: true,
  draw(w, d, { box, chance }) {
    const chairs = Math.floor((w - 20) / 62);
    const gap = (w - chairs * 44) / (chairs + 1);
    return group([
      ...times(chairs, (at) => box(gap + at * (44 + gap), 0, 44, 46, 8)),
      ...times(chairs, (at) => box(gap + at * (44 + gap), d - 46, 44, 46, 8)),
      box(0, 30, w, d - 60, chance.pick([0, 0, 30])),
    ]);
  },
};

export const roundTable: Symbol = {
  class: "furniture",
  width: [120, 170],
  depth: [120, 170],
  free: true,
  draw(w, d, { round, chance }) {
    const seats = chance.int(3, 5);
    const [cx, cy] = [w / 2, d / 2];
    return group([
      ...times(seats, (at) => {
        const angle = (2 * Math.PI * at) / seats;
        return round(cx + Math.cos(angle) * (cx - 22), cy + Math.sin(angle) * (cy - 22), 22, 22);
      }),
      round(cx, cy, cx - 30, cy - 30),
    ]);
  },
};

export const coffeeTable: Symbol = {
  class: "furniture",
  width: [70, 120],
  depth: [50, 70],
  free: true,
  draw: (w, d, { box, chance }) => group([box(0, 0, w, d, chance.pick([0, 10])), box(8, 8, w - 16, d - 16)]),
};
