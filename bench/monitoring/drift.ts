// False alarms on windows without drift, and the power at known shifts, with the predictions of the shipped models.
import { type Random, seedRandom } from "@sluice/statistics/random.ts";
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import { type CompareOptions, compareWindows, type Comparison } from "@sluice/statistics/window/compare.ts";
import { createWindow, type Window } from "@sluice/statistics/window/window.ts";
import { Monitoring } from "@sluice/models/schema.ts";
import type { Report } from "../run/measurement.ts";
import { openPool, type PoolItem } from "./pool.ts";
import { draw, IMAGE_SHIFTS, mixItems, otherTopic } from "./shifts.ts";

const SEED = 1;
const BASELINE = 500;
const WINDOW = 300;
const POOL = 2_000;
const SHIFTED_POOL = 600;
/** Windows of each strength of a shift, for each 1,000 windows without drift. */
const POWER_SHARE = 0.04;
/** Of 1,000 windows at a rate of 1 %, more have a chance of 1 in 50. */
const MOST_ALARMS = 17;
const LEAST_POWER = 0.9;

interface Pools {
  plain: PoolItem[];
  shifts: Shift[];
}

interface Shift {
  name: string;
  strengths: { strength: string; draw(chance: Random): PoolItem[] }[];
}

/** `windows`: windows without drift, half of them of each model. */
export async function run(windows: number, report: Report): Promise<void> {
  const { falseAlarms, thresholds } = Monitoring.parse({});
  const perModel = Math.ceil(windows / 2);
  const small = windows < 200;
  const wrong: string[] = [];
  const rows = [];
  for (const [model, pools] of Object.entries(await makePools(small))) {
    const options: CompareOptions = { thresholds, falseAlarms, seed: SEED };
    const alarms = countAlarms(perModel, (chance) => split(pools.plain, chance), options);
    const limit = Math.ceil((MOST_ALARMS * perModel) / 1_000) + 2;
    rows.push({
      model,
      shift: "none",
      strength: "-",
      windows: perModel,
      alarms: alarms.count,
      share: alarms.count / perModel,
      "names most often": alarms.names,
    });
    if (alarms.count > limit)
      wrong.push(`${model}: ${alarms.count} of ${perModel} windows without drift alarm`);
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
          model,
          shift: name,
          strength,
          windows: repeats,
          alarms: found.count,
          share: power,
          "names most often": found.names,
        });
        if (at === 1 && power < LEAST_POWER) wrong.push(`${name} at ${strength}: power ${power}`);
      }
  }
  report({ title: `Windows of ${WINDOW} predictions against baselines of ${BASELINE}`, rows });
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
  const names = new Map<string, number>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { before, after } = drawSets(seedRandom(1_000 + repeat));
    const { status, findings }: Comparison = compareWindows(baselineOf(before), windowOf(after), {
      ...options,
      seed: repeat,
    });
    if (status === "drift") count++;
    for (const { name, drifted } of findings) if (drifted) names.set(name, (names.get(name) ?? 0) + 1);
  }
  const ranked = [...names].toSorted(([, left], [, right]) => right - left);
  return {
    count,
    names:
      ranked
        .slice(0, 3)
        .map(([name]) => name)
        .join(" ") || "-",
  };
}

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

async function makePools(small: boolean): Promise<Record<string, Pools>> {
  const size = small ? BASELINE + WINDOW : POOL;
  const shifted = small ? WINDOW : SHIFTED_POOL;
  return { vehicles: await imagePools(size, shifted, small), compliance: await textPools(size, shifted) };
}

async function imagePools(size: number, shifted: number, small: boolean): Promise<Pools> {
  const source = await openPool("vehicles", SEED);
  try {
    const plain = await source.predict(size);
    const shifts: Shift[] = [];
    for (const { name, unit, strengths, change } of small ? IMAGE_SHIFTS.slice(0, 1) : IMAGE_SHIFTS) {
      const all = [];
      for (const strength of strengths) {
        const pool = await source.predict(shifted, { change: change(strength), from: 600_000 });
        all.push({ strength: `${strength} ${unit}`, draw: (chance: Random) => draw(pool, WINDOW, chance) });
      }
      shifts.push({ name, strengths: all });
    }
    const others = await source.predict(shifted, { samples: "cats", from: 600_000 });
    const trucks = plain.filter(({ truth }) => truth === "truck");
    shifts.push(
      mixShift("class mix", "more trucks", [0.1, 0.25, 0.4], plain, trucks),
      mixShift("new class", "are cats", [0.1, 0.3, 0.5], plain, others),
    );
    return { plain, shifts };
  } finally {
    await source.close();
  }
}

async function textPools(size: number, shifted: number): Promise<Pools> {
  const source = await openPool("compliance", SEED);
  try {
    const plain = await source.predict(size);
    const others = await source.predict(shifted, { change: otherTopic, from: 600_000 });
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
