// Six cats in one garden, each with its own coat, ears and build, and the garden without a cat.
import { classifier, standing } from "../toolkit/scene.ts";
import { cat } from "./cat.ts";
import { CLASSES, COATS } from "./coats.ts";
import { garden, grass, visitor } from "./garden.ts";

const FIRST_VISIT = Date.UTC(2026, 0, 1);
/** In ms. No two images of one seed share a second, and seeds are far apart. */
const BETWEEN_VISITS = 421_000;
const BETWEEN_SEEDS = 47 * 86_400_000;

export const cats = classifier({
  model: "cats",
  classes: CLASSES,
  size: { width: [260, 400], ratio: [0.7, 0.9] },
  nameOf,
  draw(label, canvas) {
    const { width, height, chance } = canvas;
    const ground = height * chance.between(0.78, 0.92);
    const scale = (width / 300) * chance.between(chance.chance(0.1) ? 0.45 : 0.7, 1.05);
    const subject = label === "NoCat" ? visitor(chance) : cat(COATS[label], chance);
    const x = width * chance.between(0.36, 0.64);
    return [...garden(canvas), standing(canvas, subject, { x, ground, scale }), ...grass(canvas)];
  },
});

/** Two cameras name their images differently. */
function nameOf(seed: number, index: number): string {
  if (index % 3 === 0) return `${seed}${String(index).padStart(6, "0")}`;
  const taken = new Date(FIRST_VISIT + seed * BETWEEN_SEEDS + index * BETWEEN_VISITS);
  return taken.toISOString().slice(0, 19).replaceAll(":", "-") + "Z";
}
