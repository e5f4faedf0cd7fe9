import { readFileSync } from "node:fs";
import path from "node:path";

/** What SciPy, scikit-learn and NumPy compute; bench/statistics/golden.py writes the files. */
export const readGolden = <T>(name: string): T =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "golden", `${name}.json`), "utf8")) as T;

/** `golden.py` makes the same numbers. */
export const sequence = ([count, step, modulus, shift]: readonly number[]) =>
  Float64Array.from({ length: count! }, (_, at) => ((at * step!) % modulus!) / modulus! + shift!);
