// The probe's head against the standard multinomial logistic regression, on the same features: reckoned here by L-BFGS, and
// by scikit-learn when reference.json was made. On samples that neither has seen, of seeds that nothing was chosen on: the
// trainer's settings were chosen while looking at seed 1's. `npm run bench -- probe 1` shows one seed by itself.
import reference from "./reference.json" with { type: "json" };
import { fit } from "@sluice/probe/head/fit.ts";
import { predictAll } from "@sluice/probe/head/head.ts";
import { report } from "@sluice/probe/head/metrics.ts";
import { table } from "../support/table.ts";
import { CHOSEN_ON, MODELS, type Model, taskOf } from "./features.ts";
import { accuracyOf, regress } from "./lbfgs.ts";

/** Points of accuracy by which the head may stay behind. */
const GOAL = 0.5;
const STRENGTH = 1;
/** Not of the texts: it was made when they were 1,050 as well. */
const scikit: Partial<Record<Model, number>> = reference.accuracies;
const FRESH = [4, 5, 6, 7, 8];

export async function run(command: string, seed?: number) {
  const seeds = seed === undefined ? FRESH : [seed];
  const rows = [];
  for (const model of MODELS) {
    const results = [];
    for (const each of seeds) results.push(await compare(model, each));
    const behind = results.map(({ head, best }) => (best - head) * 100);
    rows.push({
      model,
      "held out": results[0]!.heldOut * seeds.length,
      "probe's head": mean(results.map(({ head }) => head)).toFixed(4),
      "L-BFGS here": mean(results.map(({ textbook }) => textbook)).toFixed(4),
      "scikit-learn": results[0]!.known?.toFixed(4) ?? "-",
      "behind by points": mean(behind).toFixed(2),
      ...(seeds.length > 1 && { "± by seeds": standardError(behind).toFixed(2) }),
      ...(seeds.length > 1 && { each: behind.map((points) => points.toFixed(2)).join(" ") }),
      [`within ${GOAL}`]: mean(behind) <= GOAL ? "yes" : "NO",
      "processor s": Math.round(mean(results.map(({ seconds }) => seconds))),
    });
  }
  table(`The probe's head and its reference, samples of seed ${seeds.join(", ")}`, rows, command);
}

async function compare(model: Model, seed: number) {
  const started = process.cpuUsage();
  const { classes, settings, train, validation, test } = await taskOf(model, seed);
  const fitted = await fit(train, validation, {
    ...settings,
    classes,
    classWeights: new Float32Array(classes.length).fill(1),
    afterEpoch: () => Promise.resolve(true),
  });
  // Drawing, features and head; the wall clock shows half of it where two cores are free.
  const used = process.cpuUsage(started);
  const head = report(predictAll(fitted.best.head, test), test.labels, classes).accuracy;
  const textbook = accuracyOf(regress(train, classes.length, STRENGTH), test, classes.length);
  const known = seed === CHOSEN_ON ? scikit[model] : undefined;
  const best = Math.max(textbook, known ?? 0);
  return {
    heldOut: test.labels.length,
    head,
    textbook,
    known,
    best,
    seconds: (used.user + used.system) / 1e6,
  };
}

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Of the mean, from how far the seeds lie apart. */
function standardError(numbers: number[]): number {
  const middle = mean(numbers);
  const squares = numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1) / numbers.length);
}
