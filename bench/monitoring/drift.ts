// False alarms on windows without drift, and the power at known shifts, with the predictions of the shipped models.
import { type Random, seedRandom } from "@sluice/statistics/random.ts";
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import { type CompareOptions, compareWindows, type Comparison } from "@sluice/statistics/window/compare.ts";
import { createWindow, type Window } from "@sluice/statistics/window/window.ts";
import { Monitoring } from "@sluice/models/schema.ts";
import type { Report } from "../run/measurement.ts";
import { generatePart, openPool, type PoolItem } from "./pool.ts";
import { draw, IMAGE_SHIFTS, mixItems, otherTopic } from "./shifts.ts";

const SEED = 1;
/** Of the first draw. Thresholds were chosen on other draws. */
const FIRST_DRAW = 200_000;
const BASELINE = 500;
const WINDOW = 300;
const POOL = 2_000;
const SHIFTED_POOL = 450;
/** Windows of each strength of a shift, for each 1,000 windows without drift. */
const POWER_SHARE = 0.04;
/** Of 1,000 windows at a rate of 1 %, more have a chance of 1 in 50. */
const MOST_ALARMS = 17;
const LEAST_POWER = 0.9;

interface Pools {
  plain: PoolItem[];
  shifts: Shift[];
}

interface Strength {
  strength: string;
  draw(chance: Random): PoolItem[];
}

interface Shift {
  name: string;
  strengths: Strength[];
}

/** `windows`: windows without drift, half of them of each model. */
export async function run(windows: number, report: Report): Promise<void> {
  const { falseAlarms, thresholds } = Monitoring.parse({});
  const perModel = Math.ceil(windows / 2);
  const small = windows < 200;
  const wrong: string[] = [];
  let falseCount = 0;
  for (const [model, makePools] of Object.entries({ vehicles: imagePools, compliance: textPools })) {
    const pools = await makePools(small);
    const rows = [];
    const options: CompareOptions = { thresholds, falseAlarms, seed: SEED };
    const alarms = countAlarms(perModel, (chance) => split(pools.plain, chance), options);
    falseCount += alarms.count;
    rows.push({
      shift: "none",
      strength: "-",
      windows: perModel,
      alarms: alarms.count,
      share: alarms.count / perModel,
      "significant only": alarms.significant - alarms.count,
      "names most often": alarms.names,
      accuracy: accuracyOf(pools.plain),
    });
    const repeats = Math.max(2, Math.round(windows * POWER_SHARE));
    for (const { name, strengths } of pools.shifts)
      for (const [at, { strength, draw: drawShifted }] of strengths.entries()) {
        const found = countAlarms(
          repeats,
          (chance) => ({ before: draw(pools.plain, BASELINE, chance), after: drawShifted(chance) }),
          options,
        );
        const power = found.count / repeats;
        rows.push({
          shift: name,
          strength,
          windows: repeats,
          alarms: found.count,
          share: power,
          "significant only": found.significant - found.count,
          "names most often": found.names,
          accuracy: found.accuracy,
        });
        if (at === 1 && power < LEAST_POWER) wrong.push(`${name} at ${strength}: power ${power}`);
      }
    report({ title: `${model}: windows of ${WINDOW} predictions against baselines of ${BASELINE}`, rows });
  }
  const most = Math.ceil((MOST_ALARMS * windows) / 1_000);
  if (falseCount > most) wrong.push(`${falseCount} of ${windows} windows without drift alarm`);
  if (!small && wrong.length > 0) throw new Error(wrong.join("; "));
}

/** The baseline and the window have no item in common. */
function split(items: readonly PoolItem[], chance: Random) {
  const drawn = draw(items, BASELINE + WINDOW, chance);
  return { before: drawn.slice(0, BASELINE), after: drawn.slice(BASELINE) };
}

function countAlarms(
  repeats: number,
  drawSets: (chance: Random) => { before: PoolItem[]; after: PoolItem[] },
  options: CompareOptions,
) {
  let count = 0;
  /** Windows with a small p-value, whether its effect matters or not. */
  let significant = 0;
  const accuracies: number[] = [];
  const names = new Map<string, number>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { before, after } = drawSets(seedRandom(FIRST_DRAW + repeat));
    accuracies.push(accuracyOf(after));
    const { status, findings }: Comparison = compareWindows(baselineOf(before), windowOf(after), {
      ...options,
      seed: repeat,
    });
    if (status === "drift") count++;
    if (findings.some(({ adjustedPValue }) => adjustedPValue <= options.falseAlarms)) significant++;
    for (const { name, drifted } of findings) if (drifted) names.set(name, (names.get(name) ?? 0) + 1);
  }
  const ranked = [...names].toSorted(([, left], [, right]) => right - left);
  return {
    count,
    significant,
    accuracy: mean(accuracies),
    names:
      ranked
        .slice(0, 3)
        .map(([name]) => name)
        .join(" ") || "-",
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a shift costs: an alarm should come before it is large. */
const accuracyOf = (items: readonly PoolItem[]) =>
  mean(items.map((item) => Number(item.class === item.truth)));

function baselineOf(items: readonly PoolItem[]): Baseline {
  return {
    format: 1,
    model: "bench",
    version: "bench",
    source: "evaluation",
    temperature: 1,
    window: windowOf(items).toJSON(),
  };
}

function windowOf(items: readonly PoolItem[]): Window {
  const window = createWindow({ seed: SEED });
  for (const item of items) window.add(item);
  return window;
}

const sizesOf = (small: boolean) =>
  small ? { size: BASELINE + WINDOW, shifted: WINDOW } : { size: POOL, shifted: SHIFTED_POOL };

async function imagePools(small: boolean): Promise<Pools> {
  const { size, shifted } = sizesOf(small);
  const source = await openPool("vehicles");
  try {
    const plain = await source.predict(await generatePart("vehicles", 0, size));
    const samples = await generatePart("vehicles", 1, shifted);
    const shifts: Shift[] = [];
    for (const { name, unit, strengths, change } of small ? IMAGE_SHIFTS.slice(0, 1) : IMAGE_SHIFTS) {
      const all = [];
      for (const strength of strengths) {
        const pool = await source.predict(samples, change(strength));
        all.push({ strength: `${strength} ${unit}`, draw: (chance: Random) => draw(pool, WINDOW, chance) });
      }
      shifts.push({ name, strengths: all });
    }
    const cats = await source.predict(await generatePart("cats", 1, shifted));
    const trucks = plain.filter(({ truth }) => truth === "truck");
    shifts.push(
      mixShift("class mix", "more trucks", [0.1, 0.25, 0.4], plain, trucks),
      mixShift("new class", "are cats", [0.1, 0.3, 0.5], plain, cats),
    );
    return { plain, shifts };
  } finally {
    await source.close();
  }
}

async function textPools(small: boolean): Promise<Pools> {
  const { size, shifted } = sizesOf(small);
  const source = await openPool("compliance");
  try {
    const plain = await source.predict(await generatePart("compliance", 0, size));
    const others = await source.predict(await generatePart("compliance", 1, shifted), otherTopic);
    return { plain, shifts: [mixShift("text topic", "of another topic", [0.1, 0.3, 0.6], plain, others)] };
  } finally {
    await source.close();
  }
}

const mixShift = (
  name: string,
  unit: string,
  shares: readonly number[],
  plain: readonly PoolItem[],
  others: readonly PoolItem[],
): Shift => ({
  name,
  strengths: shares.map((share) => ({
    strength: `${Math.round(share * 100)} % ${unit}`,
    draw: (chance) => mixItems(plain, others, WINDOW, share, chance),
  })),
});
