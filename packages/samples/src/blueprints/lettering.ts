// Capitals of straight strokes: the machine needs no font.

/** Points on a grid of 5 by 7, column then row; `|` lifts the pen. Unused letters are absent. */
const GLYPHS: Record<string, string> = {
  A: "0602204246|0444",
  B: "06003041423303|3344453606",
  C: "4130100105163645",
  D: "00062644422000",
  E: "40000646|0333",
  F: "400006|0333",
  G: "41301001051636454323",
  H: "0006|4046|0343",
  I: "2026",
  K: "0006|400346",
  L: "000646",
  M: "0600234046",
  N: "06004640",
  O: "103041453616050110",
  P: "06003041423303",
  R: "06003041423303|2346",
  S: "413010010213334445361605",
  T: "0040|2026",
  V: "002640",
  W: "0016233640",
  Y: "0023|4023|2326",
  0: "103041453616050110",
  1: "112026",
  2: "01103041420646",
  3: "004023334445361605",
  4: "36300444",
  5: "4000023243453606",
  6: "40200205163645443303",
  7: "004016",
  8: "103041423313020110|1304051636454433",
  9: "43130201103041442606",
  ".": "2526",
};

const ROWS = 7;
const ADVANCE = 6;

export const letteringWidth = (text: string, height: number) => (text.length * ADVANCE * height) / ROWS;

/** `x, y` is the upper left corner. */
export function lettering(
  text: string,
  x: number,
  y: number,
  height: number,
  ink: string,
  width: number,
): string {
  const scale = height / ROWS;
  const strokes = [...text.toUpperCase()].flatMap((letter, at) =>
    (GLYPHS[letter] ?? "").split("|").map((stroke) =>
      (stroke.match(/../g) ?? [])
        .map(([column, row], step) => {
          const px = x + (Number(column) + at * ADVANCE) * scale;
          const py = y + Number(row) * scale;
          return `${step === 0 ? "M" : "L"}${px.toFixed(1)},${py.toFixed(1)}`;
        })
        .join(" "),
    ),
  );
  return `<path d="${strokes.join(" ")}" fill="none" stroke="${ink}" stroke-width="${width.toFixed(2)}" stroke-linecap="round" stroke-linejoin="round"/>`;
}
