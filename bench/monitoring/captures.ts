// Synthetic responses of an image classifier, one JSON line each, by seed.
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { seedRandom } from "@sluice/statistics/random.ts";

const CLASSES = ["car", "bus", "truck", "van", "tram", "bicycle"];
const EMBEDDING = 64;
/** Lines that are written at once. */
const BATCH = 1_000;
const DAY_MS = 86_400_000;

export interface CaptureLine {
  id: string;
  at: number;
  predictions: { class: string; probability: number }[];
  descriptors: Record<string, number | string>;
}

interface Options {
  seed: number;
  count: number;
  /** Makes images darker and cars rarer. */
  drift: boolean;
}

export async function writeCaptures(file: string, { seed, count, drift }: Options): Promise<void> {
  const random = seedRandom(seed);
  const out = createWriteStream(file);
  for (let from = 0; from < count; from += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) =>
      JSON.stringify(captureOf(from + at, { seed, count, drift }, random)),
    );
    if (!out.write(`${lines.join("\n")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

function captureOf(at: number, { seed, count, drift }: Options, random: () => number): CaptureLine {
  /** Nearly normal, around 0. */
  const spread = () => random() + random() + random() - 1.5;
  const shares = CLASSES.map((_, index) => 0.02 + random() * (index === 0 ? (drift ? 1 : 2) : 1));
  const strongest = Math.max(...shares);
  const powers = shares.map((share) => (share === strongest ? share * 8 : share));
  const sum = powers.reduce((total, power) => total + power, 0);
  const vector = Int8Array.from({ length: EMBEDDING }, () => Math.round(24 * spread() + (drift ? 4 : 0)));
  return {
    id: `prd_${seed}_${at}`,
    at: Math.floor((at / count) * DAY_MS),
    predictions: CLASSES.map((name, index) => ({
      class: name,
      probability: Number((powers[index]! / sum).toFixed(5)),
    })),
    descriptors: {
      width: 640,
      height: 480,
      brightness: Number((118 - (drift ? 20 : 0) + 30 * spread()).toPrecision(5)),
      contrast: Number((45 + 12 * spread()).toPrecision(5)),
      sharpness: Number(Math.exp(5 + spread()).toPrecision(5)),
      noise: Number(Math.exp(1 + 0.5 * spread()).toPrecision(5)),
      saturation: Number((0.35 + 0.15 * spread()).toPrecision(5)),
      script: random() < 0.9 ? "Latin" : "Han",
      embedding: Buffer.from(vector.buffer).toString("base64"),
    },
  };
}
