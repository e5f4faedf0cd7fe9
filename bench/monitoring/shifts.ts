// The shifts that the monitor must see, each in three strengths.
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Random, shuffle } from "@sluice/statistics/random.ts";
import sharp from "sharp";
import type { Change, PoolItem } from "./pool.ts";

export interface ImageShift {
  name: string;
  unit: string;
  /** Weak, middle, strong. */
  strengths: readonly [number, number, number];
  change(strength: number): Change;
}

export const IMAGE_SHIFTS: readonly ImageShift[] = [
  {
    name: "brightness",
    unit: "times",
    strengths: [0.9, 0.75, 0.5],
    change: (factor) => (bytes) => sharp(bytes).modulate({ brightness: factor }).jpeg().toBuffer(),
  },
  {
    name: "blur",
    unit: "pixels",
    strengths: [0.6, 1.2, 2.5],
    change: (sigma) => (bytes) => sharp(bytes).blur(sigma).jpeg().toBuffer(),
  },
  {
    name: "noise",
    unit: "levels",
    strengths: [6, 14, 30],
    change: addNoise,
  },
  {
    name: "crop",
    unit: "of the side",
    strengths: [0.9, 0.75, 0.55],
    change: (share) => (bytes) => crop(bytes, share),
  },
];

function addNoise(levels: number): Change {
  return async (bytes, at) => {
    const chance = random("noise", levels, at);
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
    for (let byte = 0; byte < pixels.length; byte++)
      pixels[byte]! += (chance.next() + chance.next() - 1) * levels * 2;
    const { width, height, channels } = info;
    return sharp(data, { raw: { width, height, channels } }).jpeg().toBuffer();
  };
}

async function crop(bytes: Buffer, share: number): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const [innerWidth, innerHeight] = [Math.round(width * share), Math.round(height * share)];
  return sharp(bytes)
    .extract({
      left: Math.floor((width - innerWidth) / 2),
      top: Math.floor((height - innerHeight) / 2),
      width: innerWidth,
      height: innerHeight,
    })
    .resize(width, height)
    .jpeg()
    .toBuffer();
}

/** `count` items; this share comes from `others`. */
export function mixItems(
  items: readonly PoolItem[],
  others: readonly PoolItem[],
  count: number,
  share: number,
  chance: Random,
): PoolItem[] {
  const added = Math.round(count * share);
  return [...draw(others, added, chance), ...draw(items, count - added, chance)];
}

/** Without replacement. */
export const draw = (items: readonly PoolItem[], count: number, chance: Random): PoolItem[] =>
  shuffle([...items], chance).slice(0, count);

const TOPICS = [
  "The {thing} tastes better when you roast it slowly with {more} and a little salt.",
  "Our train to the coast leaves at nine, so pack the {thing} and the {more} tonight.",
  "In the second half they scored twice; the {thing} of the keeper was the {more}.",
  "Plant the {thing} in spring, water it every morning and keep the {more} away.",
];
const NOUNS = [
  "garlic",
  "ticket",
  "sunscreen",
  "penalty",
  "tomato",
  "suitcase",
  "defence",
  "slug",
  "pepper",
  "map",
];

/** Texts about cooking, travel, sport and gardens: topics that the business messages of `compliance` never have. */
export const otherTopic: Change = (_, at) => {
  const chance = random("topic", at);
  const sentence = () =>
    chance.pick(TOPICS).replace("{thing}", chance.pick(NOUNS)).replace("{more}", chance.pick(NOUNS));
  return Promise.resolve(Buffer.from(`${sentence()} ${sentence()}`));
};
