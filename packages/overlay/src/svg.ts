// An image with its boxes and a legend, as one SVG file.
import type { OverlayBox, Size } from "./box.ts";
import { type LegendEntry, legendOf } from "./legend.ts";
import { NAME, nameWidth, placeNames } from "./names.ts";
import { outlinesOf } from "./outlines.ts";

interface Overlay {
  /** A data URL, because an SVG file in an <img> cannot load other files. */
  image: string;
  size: Size;
  boxes: readonly OverlayBox[];
  /** In the order of the declaration. */
  classes: readonly string[];
}

/** Screen pixels of the longer side, for which lines and names have their normal size. */
const LONGER_SIDE = 1_000;
const LINE = { line: 2, halo: 4 };
const GAP = 6;

export function overlaySvg({ image, size, boxes, classes }: Overlay): string {
  const scale = LONGER_SIDE / Math.max(size.width, size.height);
  const [width, height] = [size.width * scale, size.height * scale];
  const outlines = outlinesOf(boxes, classes);
  const legend = layOut(legendOf(boxes, classes), width);
  const colors = new Map(legend.entries.map((entry) => [entry.class, entry.color]));
  const paths = (["halo", "line"] as const).flatMap((layer) =>
    outlines.map(
      ({ path, color, below }) =>
        `<path d="${path}" stroke="${color[layer]}" stroke-width="${round(LINE[layer] / scale)}"` +
        `${below && layer === "line" ? ` stroke-dasharray="${round(5 / scale)}"` : ""}/>`,
    ),
  );
  const names = placeNames(boxes, scale, size).map(({ x, y, text }) => chip(x, y, text, colors.get(text)!));
  const total = height + legend.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(total)}"`,
    ` width="${round(width)}" height="${round(total)}" font-family="system-ui, sans-serif"`,
    ` font-size="${NAME.fontSize}" font-weight="600">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<image href="${escape(image)}" width="${round(width)}" height="${round(height)}"/>`,
    `<g fill="none" stroke-linejoin="round" transform="scale(${scale})">${paths.join("")}</g>`,
    ...names,
    ...legend.entries.map((entry) => chip(entry.x, height + entry.y, entry.text, entry.color)),
    `</svg>`,
  ].join("");
}

function chip(x: number, y: number, text: string, { line, halo }: LegendEntry["color"]): string {
  const width = nameWidth(text);
  return (
    `<g transform="translate(${round(x)} ${round(y)})">` +
    `<rect width="${round(width)}" height="${NAME.height}" rx="2" fill="${line}" stroke="${halo}" stroke-width="0.5"/>` +
    `<text x="${round(width / 2)}" y="11" text-anchor="middle" fill="${halo}">${escape(text)}</text></g>`
  );
}

/** Entries from left to right, in as many rows as they need. */
function layOut(legend: LegendEntry[], width: number) {
  let [x, y] = [GAP, GAP];
  const entries = legend.map((entry) => {
    const text = `${entry.class} ${entry.count}`;
    if (x > GAP && x + nameWidth(text) > width - GAP) [x, y] = [GAP, y + NAME.height + GAP];
    const place = { ...entry, text, x, y };
    x += nameWidth(text) + GAP;
    return place;
  });
  return { entries, height: legend.length === 0 ? 0 : y + NAME.height + GAP };
}

const round = (value: number) => Number(value.toFixed(2));

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter]!);
