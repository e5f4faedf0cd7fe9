// The coats of the six cats.
import { type Colour, hsl } from "../toolkit/colour.ts";

export const CLASSES = ["Boots", "Chi", "Kappa", "Mu", "Tau", "Wolf", "NoCat"] as const;
export type Cat = Exclude<(typeof CLASSES)[number], "NoCat">;

export interface Coat {
  base: Colour;
  build: number;
  ears: number;
  eyes: Colour;
  legs?: Colour;
  muzzle?: Colour;
  points?: Colour;
  stripes?: Colour;
  patches?: [Colour, Colour];
  spots?: Colour;
}

export const COATS: Record<Cat, Coat> = {
  Boots: {
    base: hsl(240, 6, 14),
    build: 1,
    ears: 1,
    eyes: hsl(70, 80, 55),
    legs: hsl(40, 10, 92),
    muzzle: hsl(40, 10, 92),
  },
  Chi: { base: hsl(38, 45, 84), build: 0.85, ears: 1.2, eyes: hsl(210, 85, 60), points: hsl(25, 30, 24) },
  Kappa: {
    base: hsl(28, 75, 56),
    build: 1.1,
    ears: 0.9,
    eyes: hsl(40, 80, 50),
    stripes: hsl(20, 75, 38),
    muzzle: hsl(35, 50, 85),
  },
  Mu: { base: hsl(215, 12, 50), build: 1, ears: 1, eyes: hsl(45, 90, 55) },
  Tau: {
    base: hsl(40, 12, 92),
    build: 0.95,
    ears: 1,
    eyes: hsl(100, 50, 50),
    patches: [hsl(26, 75, 52), hsl(20, 10, 15)],
  },
  Wolf: {
    base: hsl(30, 18, 42),
    build: 1.25,
    ears: 1.35,
    eyes: hsl(60, 70, 60),
    spots: hsl(25, 25, 17),
    muzzle: hsl(35, 15, 78),
  },
};
