import type { Random } from "./random.ts";

export interface Colour {
  hue: number;
  saturation: number;
  light: number;
}

export const hsl = (hue: number, saturation: number, light: number): Colour => ({ hue, saturation, light });

export const css = ({ hue, saturation, light }: Colour) =>
  `hsl(${hue.toFixed(0)} ${saturation.toFixed(0)}% ${light.toFixed(0)}%)`;

/** The same color in another light. */
export const vary = (colour: Colour, chance: Random, by = 1): Colour => ({
  hue: colour.hue + chance.between(-8, 8) * by,
  saturation: Math.max(0, colour.saturation + chance.between(-10, 10) * by),
  light: Math.min(97, Math.max(3, colour.light + chance.between(-6, 6) * by)),
});

export const tone = (hue: number, saturation: number, light: number) => css(hsl(hue, saturation, light));

export const varied = (colour: Colour, chance: Random, by = 1) => css(vary(colour, chance, by));
