// What stands in which room.
import type { Random } from "../random.ts";
import { some } from "../sample.ts";
import { basin, bath, fridge, hob, kitchenSink, shower, toilet } from "./fixtures.ts";
import { bed, coffeeTable, desk, diningTable, roundTable, shelf, sofa, wardrobe } from "./furniture.ts";
import type { Symbol } from "./pen.ts";

export type RoomKind = "bath" | "bedroom" | "living" | "kitchen" | "office" | "hall";

/** The first ones matter most. */
export function inventory(kind: RoomKind, chance: Random): Symbol[] {
  switch (kind) {
    case "bath":
      return [toilet, basin, chance.pick([bath, shower]), ...(chance.chance(0.2) ? [shelf] : [])];
    case "bedroom":
      return [bed, wardrobe, ...some(chance, 0, 2, () => chance.pick([shelf, desk, sofa]))];
    case "living":
      return [
        sofa,
        chance.pick([diningTable, roundTable]),
        coffeeTable,
        ...some(chance, 0, 4, () => chance.pick([sofa, shelf, shelf, coffeeTable])),
      ];
    case "kitchen":
      return [
        hob,
        kitchenSink,
        fridge,
        ...some(chance, 0, 2, () => chance.pick([roundTable, diningTable, shelf])),
      ];
    case "office":
      return [desk, shelf, ...some(chance, 0, 3, () => chance.pick([desk, shelf, wardrobe]))];
    case "hall":
      return some(chance, 0, 2, () => chance.pick([wardrobe, shelf]));
  }
}
