// The furniture of each kind of room.
import { type Random, timesBetween, maybe } from "../toolkit/random.ts";
import { basin, bath, fridge, hob, kitchenSink, shower, toilet } from "./fixtures.ts";
import { bed, coffeeTable, desk, diningTable, roundTable, shelf, sofa, wardrobe } from "./furniture.ts";
import type { Symbol } from "./pen.ts";

export type RoomKind = "bath" | "bedroom" | "living" | "kitchen" | "office" | "hall";

/** The most important first. */
export function inventory(kind: RoomKind, chance: Random): Symbol[] {
  switch (kind) {
    case "bath":
      return [toilet, basin, chance.pick([bath, shower]), ...maybe(chance, 0.2, () => [shelf])];
    case "bedroom":
      return [bed, wardrobe, ...timesBetween(chance, 0, 2, () => chance.pick([shelf, desk, sofa]))];
    case "living":
      return [
        sofa,
        chance.pick([diningTable, roundTable]),
        coffeeTable,
        ...timesBetween(chance, 0, 4, () => chance.pick([sofa, shelf, shelf, coffeeTable])),
      ];
    case "kitchen":
      return [
        hob,
        kitchenSink,
        fridge,
        ...timesBetween(chance, 0, 2, () => chance.pick([roundTable, diningTable, shelf])),
      ];
    case "office":
      return [desk, shelf, ...timesBetween(chance, 0, 3, () => chance.pick([desk, shelf, wardrobe]))];
    case "hall":
      return timesBetween(chance, 0, 2, () => chance.pick([wardrobe, shelf]));
  }
}
