// How a color looks with a color vision deficiency, and how far apart colors are.

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

export const VISIONS = ["normal", "protanopic", "deuteranopic", "tritanopic"] as const;
export type Vision = (typeof VISIONS)[number];

/** Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. */
const DEFICIENCIES: Record<Vision, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopic: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopic: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopic: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Ottosson (2020): linear RGB to cone responses, and their cube roots to OKLab. */
const TO_CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

/** Linear RGB of "#rrggbb". */
function linear(color: string): Vector {
  const channel = (from: number) => {
    const value = Number.parseInt(color.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const multiply = (matrix: Matrix, vector: Vector): Vector => {
  const row = (one: Vector) => one[0] * vector[0] + one[1] * vector[1] + one[2] * vector[2];
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

const each = (vector: Vector, change: (value: number) => number): Vector => [
  change(vector[0]),
  change(vector[1]),
  change(vector[2]),
];

/** The OKLab color that a person with this vision sees. */
export function simulate(color: string, vision: Vision): Vector {
  const seen = each(multiply(DEFICIENCIES[vision], linear(color)), (value) =>
    Math.min(Math.max(value, 0), 1),
  );
  return multiply(TO_LAB, each(multiply(TO_CONES, seen), Math.cbrt));
}

export const distance = (one: Vector, other: Vector) =>
  Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);

/** WCAG 2: from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
