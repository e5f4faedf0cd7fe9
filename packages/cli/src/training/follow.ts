// A run as it goes: its steps, then a line or a bar for every epoch, read from the API once a second.
import { setTimeout as wait } from "node:timers/promises";
import type { Point } from "@sluice/core/training/metric.ts";
import { isOver, type TrainingRun } from "@sluice/core/training/training.ts";
import { body, type Client } from "../client.ts";
import { Failure } from "../failure.ts";
import { paint } from "../output.ts";

const POLL_MS = 1_000;
const BAR = 24;

export const getRun = (api: Client, name: string): Promise<TrainingRun> =>
  body(api.training[":name"].$get({ param: { name } })) as Promise<TrainingRun>;

/** For whom breaks off following it. */
export function goesOn({ name, model, status, version }: TrainingRun): string {
  if (!isOver(status))
    return [
      `${name} goes on.`,
      `  Follow it again: npx sluice training logs ${name} -f`,
      `  Stop it:         npx sluice training stop ${name}`,
    ].join("\n");
  return `${name} is trained, and what follows goes on: npx sluice versions show ${model} ${version ?? "latest"}`;
}

/** The run once it is over. */
export async function follow(api: Client, name: string, told: (line: string) => void): Promise<TrainingRun> {
  const bar = barOn(process.stderr);
  try {
    let step = "";
    let epoch = 0;
    for (;;) {
      const run = await getRun(api, name);
      if (run.submittedAt) {
        const { points, epochs } = await body(api.training[":name"].metrics.$get({ param: { name } }));
        for (const point of points.filter((one) => one.epoch > epoch)) {
          epoch = point.epoch;
          if (!bar.draw(point, epochs)) told(pointLine(point, epochs));
        }
      }
      const now = run.secondaryStatus ?? run.status;
      if (now !== step) {
        bar.clear();
        told(stepLine(run));
        step = now;
      }
      if (isOver(run.status)) return run;
      await wait(POLL_MS);
    }
  } finally {
    bar.clear();
  }
}

const MEANING: Record<string, string> = {
  Preparing: "preparing the dataset",
  Starting: "starting the job",
  Downloading: "fetching the files",
  Training: "training",
  Uploading: "keeping the model",
};

const stepLine = ({ status, secondaryStatus = status, dataset }: TrainingRun) =>
  paint(
    "dim",
    `  ${MEANING[secondaryStatus] ?? secondaryStatus}${status === "Preparing" && dataset ? ` ${dataset}` : ""}`,
  );

const figures = ({ values }: Point) =>
  Object.entries(values)
    .map(([metric, value]) => `${metric.replace("validation:", "")} ${value.toFixed(4)}`)
    .join("  ");

const pointLine = (point: Point, epochs = point.epoch) =>
  `  epoch ${point.epoch}/${epochs}  ${figures(point)}`;

/** Draws over itself on a terminal; does nothing elsewhere, and says so. */
function barOn(stream: NodeJS.WriteStream) {
  return {
    draw(point: Point, epochs = point.epoch): boolean {
      if (!stream.isTTY) return false;
      const filled = Math.min(BAR, Math.round((point.epoch / Math.max(1, epochs)) * BAR));
      const bar = `${"█".repeat(filled)}${"░".repeat(BAR - filled)}`;
      const line = `  ${bar} ${point.epoch}/${epochs}  ${figures(point)}`;
      // A line that wraps could not be drawn over.
      stream.write(`\r\u001b[K${line.slice(0, stream.columns - 1)}`);
      return true;
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}

/** How it ended, in a line; one that did not end well is a failure. */
export function ending(run: TrainingRun): string {
  if (run.status !== "Completed") {
    throw new Failure(
      `TRAINING_${run.status.toUpperCase()}`,
      run.failureReason ?? `${run.name} is ${run.status}.`,
      {
        hint: run.submittedAt ? `Its log: npx sluice training logs ${run.name}` : undefined,
      },
    );
  }
  const metrics = Object.entries(run.metrics ?? {}).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  const cost = run.cost ? `$${run.cost.dollars.toFixed(4)} by AWS's prices` : "";
  const time = run.billableSeconds === undefined ? "" : `${run.billableSeconds} s`;
  return `${paint("green", "✓")} ${run.name} completed: ${[...metrics, time, cost].filter(Boolean).join(", ")}`;
}
