// The probe's head against multinomial logistic regression on the same features: by L-BFGS here, and by scikit-learn as
// recorded in reference.json. All are scored on samples that none has seen.
import reference from "./reference.json" with { type: "json" };
import { fit } from "@sluice/probe/head/fit.ts";
import { predict } from "@sluice/probe/head/head.ts";
import type { Report } from "../run/measurement.ts";
import { MODELS, type Model, taskOf } from "./features.ts";
import { classesOf, regress } from "./lbfgs.ts";
import { FULL_SAMPLES, planSeeds } from "./seeds.ts";

/** Points of accuracy that the head may be behind; more with fewer samples, in proportion. */
const GOAL = 0.5;
/** Standard errors that separate a difference from chance. */
const CERTAIN = 3;
const STRENGTH = 1;
/** By samples of a seed, then seed. */
const recorded: Record<string, Record<string, Partial<Record<Model, number>>>> = reference.accuracies;

/** `size`: samples of each model, over all seeds. */
export async function run(size: number, report: Report) {
  const { seeds, samples } = planSeeds(size);
  const limit = Number((GOAL * Math.max(1, FULL_SAMPLES / samples)).toFixed(1));
  const rows = [];
  const wrong: string[] = [];
  for (const model of MODELS) {
    const results = [];
    for (const seed of seeds) results.push(await compare(model, seed, samples));
    const behind = results.map((result) => result.behind);
    const known = results.flatMap(({ scikit }) => scikit ?? []);
    const chance = Math.hypot(...results.map(({ chance }) => chance)) / seeds.length;
    rows.push({
      model,
      unseen: results[0]!.unseen * seeds.length,
      "probe's head": mean(results.map(({ head }) => head)).toFixed(4),
      "L-BFGS here": mean(results.map(({ textbook }) => textbook)).toFixed(4),
      "scikit-learn": known.length === seeds.length ? mean(known).toFixed(4) : "-",
      "behind by points": mean(behind),
      "± by chance": chance,
      ...(seeds.length > 1 && { "± by seeds": standardError(behind) }),
      ...(seeds.length > 1 && { each: behind.map((points) => points.toFixed(2)).join(" ") }),
      [`within ${limit}`]: mean(behind) <= limit ? "yes" : "NO",
      "processor s": Math.round(mean(results.map(({ seconds }) => seconds))),
    });
    if (mean(behind) - CERTAIN * chance > limit)
      wrong.push(`${model} by ${mean(behind).toFixed(2)} ± ${chance.toFixed(2)}`);
  }
  const sizes = Object.keys(recorded).join(" or ");
  const source = recorded[samples]
    ? `recorded with version ${reference.with["scikit-learn"]}, not run here`
    : `only recorded for ${sizes} samples a seed`;
  report({
    title: `Accuracy on unseen samples of seed ${seeds.join(", ")}, ${samples} samples a seed (scikit-learn: ${source})`,
    rows,
  });
  if (wrong.length > 0)
    throw new Error(`The probe's head is more than ${limit} points behind: ${wrong.join("; ")}.`);
}

async function compare(model: Model, seed: number, samples: number) {
  const started = process.cpuUsage();
  const { classes, settings, train, validation, test } = await taskOf(model, seed, samples);
  const fitted = await fit(train, validation, {
    ...settings,
    classes,
    classWeights: new Float32Array(classes.length).fill(1),
    afterEpoch: () => Promise.resolve(true),
  });
  const used = process.cpuUsage(started);
  const own = predict(fitted.best.head, test).map((row) => row.indexOf(Math.max(...row)));
  const other = classesOf(regress(train, classes.length, STRENGTH), test, classes.length);
  const isRight = (kinds: number[]) => kinds.map((kind, row) => kind === test.labels[row]);
  const [ownRight, otherRight] = [isRight(own), isRight(other)];
  const unseen = test.labels.length;
  const share = (right: boolean[]) => right.filter(Boolean).length / unseen;
  const [head, textbook] = [share(ownRight), share(otherRight)];
  const differing = ownRight.filter((right, row) => right !== otherRight[row]).length;
  const scikit = recorded[samples]?.[seed]?.[model];
  return {
    unseen,
    head,
    textbook,
    scikit,
    behind: (Math.max(textbook, scikit ?? 0) - head) * 100,
    /** Standard error of the difference in points, from the samples that only one of the two has right (McNemar). */
    chance: (100 * Math.sqrt(differing)) / unseen,
    /** Of the processor: drawing, features and head. */
    seconds: (used.user + used.system) / 1e6,
  };
}

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Of the mean, from the spread of the seeds. */
function standardError(numbers: number[]): number {
  const middle = mean(numbers);
  const squares = numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1) / numbers.length);
}
