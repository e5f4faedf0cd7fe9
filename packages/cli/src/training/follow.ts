// Follows a training run: prints its steps, and a line or a progress bar for each epoch.
import { setTimeout as wait } from "node:timers/promises";
import type { Point } from "@sluice/core/training/metric.ts";
import { hasEnded, type TrainingRun } from "@sluice/core/training/training.ts";
import { readBody, type Client } from "../target/client.ts";
import { Failure } from "../terminal/failure.ts";
import { formatBar, paint } from "../terminal/output.ts";

const POLL_MS = 1_000;

export const getRun = (api: Client, name: string): Promise<TrainingRun> =>
  readBody(api.training[":name"].$get({ param: { name } })) as Promise<TrainingRun>;

/** Printed when Ctrl-C stops following the run. */
export function describeRunning({ name, model, status, version }: TrainingRun): string {
  if (!hasEnded(status))
    return [
      `${name} continues.`,
      `  Follow it: npx sluice trainings logs ${name} -f`,
      `  Stop it:   npx sluice trainings stop ${name}`,
    ].join("\n");
  return `${name} is complete. Evaluation and deployment continue: npx sluice versions show ${model} ${version ?? "latest"}`;
}

/** Returns the run when it is over. */
export async function followRun(
  api: Client,
  name: string,
  printLine: (line: string) => void,
): Promise<TrainingRun> {
  const bar = createEpochBar(process.stderr);
  try {
    let step = "";
    let epoch = 0;
    for (;;) {
      const run = await getRun(api, name);
      if (run.submittedAt) {
        const { points, epochs } = await readBody(api.training[":name"].metrics.$get({ param: { name } }));
        for (const point of points.filter((one) => one.epoch > epoch)) {
          epoch = point.epoch;
          if (!bar.draw(point, epochs)) printLine(pointLine(point, epochs));
        }
      }
      const now = run.secondaryStatus ?? run.status;
      if (now !== step) {
        bar.clear();
        printLine(stepLine(run));
        step = now;
      }
      if (hasEnded(run.status)) return run;
      await wait(POLL_MS);
    }
  } finally {
    bar.clear();
  }
}

const STEPS: Record<string, string> = {
  Preparing: "preparing the dataset",
  Starting: "starting the job",
  Downloading: "downloading the data",
  Training: "training",
  Uploading: "uploading the model",
};

const stepLine = ({ status, secondaryStatus = status, dataset }: TrainingRun) =>
  paint(
    "dim",
    `  ${STEPS[secondaryStatus] ?? secondaryStatus}${status === "Preparing" && dataset ? ` ${dataset}` : ""}`,
  );

const formatMetrics = ({ values }: Point) =>
  Object.entries(values)
    .map(([metric, value]) => `${metric.replace("validation:", "")} ${value.toFixed(4)}`)
    .join("  ");

const pointLine = (point: Point, epochs?: number) =>
  `  epoch ${formatEpoch(point, epochs)}  ${formatMetrics(point)}`;

/** Without a total if the trainer chooses it. */
const formatEpoch = ({ epoch }: Point, epochs?: number) =>
  epochs === undefined ? epoch : `${epoch}/${epochs}`;

/** `draw` replaces its line on a terminal, and returns false elsewhere. */
function createEpochBar(stream: NodeJS.WriteStream) {
  return {
    draw(point: Point, epochs?: number): boolean {
      if (!stream.isTTY) return false;
      const bar = epochs === undefined ? "epoch" : formatBar(point.epoch, epochs);
      const line = `  ${bar} ${formatEpoch(point, epochs)}  ${formatMetrics(point)}`;
      // A line that wraps cannot be replaced.
      stream.write(`\r\u001b[K${line.slice(0, stream.columns - 1)}`);
      return true;
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}

/** One line for a completed run. Throws for any other end. */
export function completionLine(run: TrainingRun): string {
  if (run.status !== "Completed") {
    throw new Failure(
      `TRAINING_${run.status.toUpperCase()}`,
      run.failureReason ?? `${run.name} is ${run.status}.`,
      {
        hint: run.submittedAt ? `Read its log: npx sluice trainings logs ${run.name}` : undefined,
      },
    );
  }
  const metrics = Object.entries(run.metrics ?? {}).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  const cost = run.cost ? `$${run.cost.dollars.toFixed(4)} at AWS prices` : "";
  const time = run.billableSeconds === undefined ? "" : `${run.billableSeconds} s`;
  return `${paint("green", "✓")} ${run.name} completed: ${[...metrics, time, cost].filter(Boolean).join(", ")}`;
}
