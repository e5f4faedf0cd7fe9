// Exports, scans or photographs a sheet: it is skewed, faded, folded and stained.
import { type Canvas, cover } from "../toolkit/canvas.ts";
import { type Random, timesBetween } from "../toolkit/random.ts";
import type { ImageSettings } from "../toolkit/render.ts";
import { line, rect, ellipse } from "../toolkit/shapes.ts";

/** A clean export, an office scan, or the photograph of an old print. */
export type Origin = "export" | "scan" | "print";

export const randomOrigin = (chance: Random): Origin =>
  chance.pick(["export", "export", "scan", "scan", "print"]);

/** In degrees. */
export const skewOf = (origin: Origin, chance: Random) =>
  origin === "export" ? 0 : origin === "scan" ? chance.between(-1, 1) : chance.between(-2.5, 2.5);

export function scanSettings(origin: Origin, { width, height, chance }: Canvas): ImageSettings {
  if (origin === "export")
    return {
      width,
      height,
      brightness: 1,
      blur: 0,
      noise: 0,
      format: chance.pick(["png", "jpeg"]),
      quality: 92,
    };
  const rough = origin === "print" ? 1 : 0.5;
  return {
    width,
    height,
    brightness: chance.between(1 - 0.2 * rough, 1 + 0.05 * rough),
    blur: chance.chance(0.5) ? chance.between(0.3, 0.3 + 0.7 * rough) : 0,
    noise: chance.between(2, 22 * rough),
    format: "jpeg",
    quality: chance.int(origin === "print" ? 45 : 65, 90),
  };
}

/** Specks, streaks, folds, stains and shade. */
export function scanMarks(origin: Origin, canvas: Canvas): string {
  const { width, height, chance } = canvas;
  if (origin === "export") return "";
  const specks = timesBetween(chance, 0, origin === "print" ? 40 : 12, () =>
    ellipse(
      chance.next() * width,
      chance.next() * height,
      chance.between(0.4, 1.4),
      chance.between(0.4, 1.4),
      {
        fill: chance.pick(["#000", "#777", "#fff"]),
        opacity: 0.7,
      },
    ),
  );
  const streaks = timesBetween(chance, 0, 2, () => {
    const x = chance.next() * width;
    return line(x, 0, x, height, chance.pick(["#000", "#fff"]), chance.between(0.5, 1.2));
  });
  const parts = [...specks, ...streaks].map(({ svg }) => svg).join("");
  if (origin === "scan") return `<g opacity="0.5">${parts}</g>`;
  const folds = [0.5, chance.pick([0.25, 0.75])]
    .filter(() => chance.chance(0.6))
    .map(
      (share) => rect(width * share, 0, chance.between(2, 5), height, { fill: "#fff", opacity: 0.35 }).svg,
    );
  const stain = chance.chance(0.3)
    ? ellipse(chance.next() * width, chance.next() * height, 40, 38, {
        stroke: "#7a4a1e",
        width: 5,
        opacity: 0.25,
      }).svg
    : "";
  const shade = `<linearGradient id="shade" x2="1" y2="${chance.next().toFixed(2)}"><stop stop-color="#000" stop-opacity="${chance.between(0, 0.35).toFixed(2)}"/><stop offset="0.6" stop-opacity="0"/></linearGradient>`;
  return `<defs>${shade}</defs><g opacity="0.8">${parts}</g>${folds.join("")}${stain}${cover(canvas, "url(#shade)").svg}`;
}
