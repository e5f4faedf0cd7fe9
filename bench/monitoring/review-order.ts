// How many labels a model needs for an accuracy of 0.9: with reviews ordered by information, and in random order.
import { orderByInformation, type Weights } from "@sluice/core/review/information.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { fit } from "@sluice/probe/head/fit.ts";
import { measureScale, predict, standardiseInPlace } from "@sluice/probe/head/head.ts";
import { seedRandom, shuffle } from "@sluice/statistics/random.ts";
import type { Report } from "../run/measurement.ts";
import { type LabelPool, openLabelPool, selectRows } from "./label-pool.ts";

const MODELS = ["vehicles", "compliance"];
/** A first trial used seed 21. */
const SEEDS = [11, 12, 13, 14, 15];
/** Open reviews of one seed: as many as are ordered. */
const QUEUE = 500;
/** Labels before the first review, and reviews between two trainings. */
const FIRST = 20;
const STEP = 20;
const GOAL = 0.9;
/** Trainings in a row that reach the goal: one may by chance. */
const STABLE = 2;
/** Without dropout the head needs half the epochs of a real training, and both orders are trained alike. */
const TRAINING = { epochs: 40, patience: 40, dropoutRate: 0 };
/** Items that measure the accuracy. */
const TEST = 800;
/** The goal is a share of labels that are saved. */
const LEAST_SAVED = 0.3;
const POINTS = 8;

export type Order = (open: Prediction[], counts: ReadonlyMap<string, number>) => readonly Prediction[];

export const byInformation =
  (weights?: Weights): Order =>
  (open, counts) =>
    orderByInformation(open, counts, weights).map(({ prediction }) => prediction);

/** `size`: uploads in the queues of all seeds together. */
export async function run(size: number, report: Report): Promise<void> {
  const seeds = SEEDS.slice(0, Math.ceil(size / QUEUE));
  const queue = Math.round(size / seeds.length);
  const small = size < QUEUE;
  const wrong: string[] = [];
  const rows = [];
  for (const model of MODELS) {
    const curves: Record<"ordered" | "random", number[][]> = { ordered: [], random: [] };
    for (const seed of seeds) {
      const pool = await openLabelPool(model, seed, { uploads: FIRST + queue, test: small ? 100 : TEST });
      curves.ordered.push(await measureCurve(pool, byInformation()));
      curves.random.push(await measureCurve(pool, inRandomOrder(seed)));
    }
    report({
      title: `${model}: mean accuracy of ${seeds.length} seeds by labels`,
      rows: drawCurves(curves.ordered, curves.random),
    });
    const ordered = curves.ordered.map(labelsNeeded);
    const random = curves.random.map(labelsNeeded);
    const saved = 1 - sum(ordered) / sum(random);
    rows.push({
      model,
      ordered: sum(ordered) / seeds.length,
      "each seed": ordered.join(" "),
      random: sum(random) / seeds.length,
      "each seed, random": random.join(" "),
      "fewer labels": saved,
    });
    if (saved < LEAST_SAVED) wrong.push(`${model} saves ${saved.toFixed(2)}`);
  }
  report({ title: `Labels for an accuracy of ${GOAL}`, rows });
  if (!small && wrong.length > 0)
    throw new Error(`Fewer than ${LEAST_SAVED} of the labels saved: ${wrong.join("; ")}.`);
}

function inRandomOrder(seed: number): Order {
  const chance = seedRandom(seed);
  return (open) => shuffle([...open], chance);
}

/** The accuracy after each training, with FIRST labels and then STEP more each, until the goal is reached or all have labels. */
export async function measureCurve(pool: LabelPool, order: Order): Promise<number[]> {
  const { classes, uploads, embeddings } = pool;
  const labeled = Array.from({ length: FIRST }, (_, row) => row);
  const open = new Set(Array.from({ length: uploads.labels.length - FIRST }, (_, at) => FIRST + at));
  const curve: number[] = [];
  for (;;) {
    const { accuracy, probabilities } = await train(pool, labeled, [...open]);
    curve.push(accuracy);
    if (open.size < STEP || reachedAt(curve) !== undefined) return curve;
    const reviews = [...open].map((row, at) => toReview(row, probabilities[at]!, embeddings[row]!, classes));
    const counts = countBy(labeled.map((row) => classes[uploads.labels[row]!]!));
    const chosen = order(reviews, counts)
      .slice(0, STEP)
      .map(({ id }) => Number(id));
    for (const row of chosen) {
      open.delete(row);
      labeled.push(row);
    }
  }
}

/** Each fifth label validates, as in a training of the probe. */
async function train({ classes, settings, uploads, test }: LabelPool, labeled: number[], open: number[]) {
  const parts = [labeled.filter((_, at) => at % 5 !== 4), labeled.filter((_, at) => at % 5 === 4), open].map(
    (rows) => selectRows(uploads, rows),
  );
  const [training, validation, queue] = parts as [typeof test, typeof test, typeof test];
  const scale = measureScale(training);
  const measured = { ...test, values: test.values.slice() };
  for (const matrix of [training, validation, queue, measured]) standardiseInPlace(matrix, scale);
  const { best } = await fit(training, validation, {
    ...settings,
    ...TRAINING,
    classes,
    classWeights: new Float32Array(classes.length).fill(1),
    afterEpoch: () => Promise.resolve(true),
  });
  const right = predict(best.head, measured).filter(
    (row, at) => row.indexOf(Math.max(...row)) === test.labels[at],
  );
  return { accuracy: right.length / test.labels.length, probabilities: predict(best.head, queue) };
}

function toReview(
  row: number,
  probabilities: Float64Array,
  embedding: string,
  classes: string[],
): Prediction {
  const [first, second] = [...probabilities].toSorted((left, right) => right - left) as [number, number];
  const name = classes[probabilities.indexOf(first)]!;
  return {
    id: String(row),
    summary: { class: name, confidence: first, margin: first - second, embedding },
  } as Prediction;
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const labelsAt = (at: number) => FIRST + at * STEP;

function reachedAt(curve: readonly number[]): number | undefined {
  const at = curve.length - STABLE;
  return at >= 0 && curve.slice(at).every((accuracy) => accuracy >= GOAL) ? at : undefined;
}

/** All labels, where they do not reach the goal. */
export const labelsNeeded = (curve: readonly number[]): number =>
  labelsAt(reachedAt(curve) ?? curve.length - 1);

/** A seed that has reached the goal keeps its last accuracy. */
function drawCurves(ordered: readonly number[][], random: readonly number[][]) {
  const longest = Math.max(...[...ordered, ...random].map(({ length }) => length));
  const every = Math.ceil(longest / POINTS);
  const meanAt = (curves: readonly number[][], at: number) =>
    sum(curves.map((curve) => curve[Math.min(at, curve.length - 1)]!)) / curves.length;
  return Array.from({ length: Math.ceil(longest / every) }, (_, point) => ({
    labels: labelsAt(point * every),
    ordered: meanAt(ordered, point * every),
    random: meanAt(random, point * every),
  }));
}
