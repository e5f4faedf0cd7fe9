// The colors of classes. Ten that people with any color vision can tell apart, then the same ten with line and halo
// exchanged. palette.test.ts checks distances and contrasts.

export interface ClassColor {
  line: string;
  /** Drawn around the line, so that it is visible on any image. Also the text color on `line`. */
  halo: string;
}

const [DARK, LIGHT] = ["#101413", "#ffffff"];

const TEN: readonly ClassColor[] = [
  { line: "#0072b2", halo: LIGHT },
  { line: "#e69f00", halo: DARK },
  { line: "#d55e00", halo: DARK },
  { line: "#33f0f5", halo: DARK },
  { line: "#71073a", halo: LIGHT },
  { line: "#43bba7", halo: DARK },
  { line: "#99485c", halo: LIGHT },
  { line: "#481aa6", halo: LIGHT },
  { line: "#c2e291", halo: DARK },
  { line: "#a383f9", halo: DARK },
];

export const PALETTE: readonly ClassColor[] = [
  ...TEN,
  ...TEN.map(({ line, halo }) => ({ line: halo, halo: line })),
];

/** For a class that the model does not declare. */
export const UNDECLARED: ClassColor = { line: "#6b7280", halo: LIGHT };

/** The color follows from the place in the declaration, so that it is the same for every image. */
export function colorOf(name: string, classes: readonly string[]): ClassColor {
  const place = classes.indexOf(name);
  return place === -1 ? UNDECLARED : PALETTE[place % PALETTE.length]!;
}
