// Labels needed for an accuracy of 0.9: reviews in the order of information against random order. The probe's head is
// trained on the labels so far, and the queue is ordered by its predictions, as in the app.
import { orderByInformation } from "@sluice/core/review/information.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { compactVector, encodeEmbedding } from "@sluice/inference/descriptors/embedding.ts";
import { fit } from "@sluice/probe/head/fit.ts";
import { type Matrix, predict } from "@sluice/probe/head/head.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Task, taskOf } from "../probe/features.ts";
import type { Report } from "../run/measurement.ts";

const MODELS = ["vehicles", "compliance"] as const;
const SEEDS = [4, 5, 6, 7, 8];
const GOAL = 0.9;
/** Labels before the first order: random, and the same for both orders. */
const FIRST = 20;
/** Labels between two trainings. */
const BATCH = 10;
/** A queue that the app orders at once. */
const POOL = 500;

/** `size`: samples of each model and seed. */
export async function run(size: number, report: Report) {
  const rows = [];
  for (const model of MODELS) {
    const ordered: (number | undefined)[] = [];
    const shuffled: (number | undefined)[] = [];
    for (const seed of size < 200 ? SEEDS.slice(0, 1) : SEEDS) {
      const task = await taskOf(model, seed, size);
      const scene = sceneOf(task);
      ordered.push(await labelsNeeded(task, scene, seed, chooseByInformation));
      shuffled.push(await labelsNeeded(task, scene, seed, (_task, open) => open.slice(0, BATCH)));
    }
    const pairs = ordered.flatMap((own, at) => (own && shuffled[at] ? [{ own, random: shuffled[at] }] : []));
    const sum = (of: "own" | "random") => pairs.reduce((total, pair) => total + pair[of], 0);
    rows.push({
      model,
      "by information": ordered.map(format).join(" "),
      random: shuffled.map(format).join(" "),
      "fewer labels": pairs.length === 0 ? "-" : `${Math.round(100 * (1 - sum("own") / sum("random")))} %`,
      "seeds compared": pairs.length,
    });
  }
  report({
    title: `Labels needed for ${GOAL} accuracy, each seed ("-": not reached with the whole pool)`,
    rows,
  });
}

const format = (labels: number | undefined) => String(labels ?? "-");

interface Scene {
  /** Rows that can be labeled, and rows that measure the accuracy. */
  pool: Matrix;
  unseen: Matrix;
  embeddings: string[];
}

/** Of the held-out rows, because those of the training have augmented copies. */
function sceneOf({ test }: Task): Scene {
  const count = Math.min(POOL, Math.floor(test.labels.length / 2));
  const pool = select(test, [...Array(count).keys()]);
  const unseen = select(
    test,
    Array.from({ length: test.labels.length - count }, (_, at) => count + at),
  );
  const embeddings = pool.labels.map((_, row) => encodeEmbedding(compactVector(rowOf(pool, row))));
  return { pool, unseen, embeddings };
}

type Choose = (
  task: Task,
  open: number[],
  scene: Scene,
  probabilities: Float64Array[],
  labeled: number[],
) => number[];

/** Undefined if the whole pool is not enough. */
async function labelsNeeded(
  task: Task,
  scene: Scene,
  seed: number,
  choose: Choose,
): Promise<number | undefined> {
  const { pool, unseen } = scene;
  let open = random(seed).shuffle(pool.labels.map((_, row) => row));
  const labeled = open.splice(0, FIRST);
  for (;;) {
    const { best } = await fit(select(pool, labeled), task.validation, {
      ...task.settings,
      classes: task.classes,
      classWeights: new Float32Array(task.classes.length).fill(1),
      afterEpoch: () => Promise.resolve(true),
    });
    const guesses = predict(best.head, unseen).map(strongest);
    const right = guesses.filter((guess, row) => guess === unseen.labels[row]).length;
    if (right / unseen.labels.length >= GOAL) return labeled.length;
    if (open.length === 0) return undefined;
    const chosen = choose(task, open, scene, predict(best.head, select(pool, open)), labeled);
    labeled.push(...chosen);
    open = open.filter((row) => !chosen.includes(row));
  }
}

const chooseByInformation: Choose = (task, open, { pool, embeddings }, probabilities, labeled) => {
  const labels = new Map(task.classes.map((name) => [name, 0]));
  for (const row of labeled) {
    const name = task.classes[pool.labels[row]!]!;
    labels.set(name, labels.get(name)! + 1);
  }
  const predictions = open.map((row, at) => {
    const [first, second] = probabilities[at]!.toSorted((a, b) => b - a);
    const summary = {
      class: task.classes[strongest(probabilities[at]!)],
      margin: first! - second!,
      embedding: embeddings[row],
    };
    return { id: String(row), summary } as Prediction;
  });
  const groups = orderByInformation(predictions, labels);
  return groups.slice(0, BATCH).map(({ prediction }) => Number(prediction.id));
};

const strongest = (row: Float64Array) => row.indexOf(Math.max(...row));

const rowOf = ({ values, columns }: Matrix, row: number) =>
  values.subarray(row * columns, (row + 1) * columns);

function select(from: Matrix, rows: readonly number[]): Matrix {
  const { columns, labels } = from;
  const values = new Float32Array(rows.length * columns);
  for (const [at, row] of rows.entries()) values.set(rowOf(from, row), at * columns);
  return { columns, values, labels: rows.map((row) => labels[row]!) };
}
