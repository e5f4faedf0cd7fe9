// The probe's head against the standard multinomial logistic regression, on the same features: reckoned here by L-BFGS, and
// by scikit-learn when reference.json was made. On samples that neither has seen. The trainer's settings were chosen while
// looking at seed 1's: `npm run bench -- probe 2` draws others, which nothing was chosen on.
import reference from "./reference.json" with { type: "json" };
import { fit } from "@sluice/probe/head/fit.ts";
import { predictAll } from "@sluice/probe/head/head.ts";
import { report } from "@sluice/probe/head/metrics.ts";
import { table } from "../support/table.ts";
import { CHOSEN_ON, MODELS, taskOf } from "./features.ts";
import { accuracyOf, regress } from "./lbfgs.ts";

/** Points of accuracy by which the head may stay behind. */
const GOAL = 0.5;
const STRENGTH = 1;

export async function run(command: string, seed = CHOSEN_ON) {
  const rows = [];
  for (const model of MODELS) {
    const started = process.cpuUsage();
    const { classes, settings, train, validation, test } = await taskOf(model, seed);
    const fitted = await fit(train, validation, {
      ...settings,
      classes,
      classWeights: new Float32Array(classes.length).fill(1),
      afterEpoch: () => Promise.resolve(true),
    });
    const used = process.cpuUsage(started);
    const head = report(predictAll(fitted.best.head, test), test.labels, classes).accuracy;
    const textbook = accuracyOf(regress(train, classes.length, STRENGTH), test, classes.length);
    const known = seed === CHOSEN_ON ? reference.accuracies[model] : undefined;
    const best = Math.max(textbook, known ?? 0);
    rows.push({
      model,
      "held out": test.labels.length,
      "probe's head": head.toFixed(4),
      "L-BFGS here": textbook.toFixed(4),
      "scikit-learn": known?.toFixed(4) ?? "-",
      "behind by points": ((best - head) * 100).toFixed(2),
      [`within ${GOAL}`]: (best - head) * 100 <= GOAL ? "yes" : "NO",
      // Drawing, features and head; the wall clock shows half of it where two cores are free.
      "processor s": Math.round((used.user + used.system) / 1e6),
    });
  }
  table(`The probe's head and its reference, samples of seed ${seed}`, rows, command);
}
