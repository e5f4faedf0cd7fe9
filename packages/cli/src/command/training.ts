import { setTimeout as wait } from "node:timers/promises";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { Command } from "commander";
import { body, type Client } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { paint, plain, printJson, say, STATUS_STYLE, table } from "../output.ts";
import { getRun } from "../training/follow.ts";

const POLL_MS = 1_000;

export const training = new Command("training").description("Training runs: what they did, and what they do");

interface ListOptions extends CommonOptions {
  status?: TrainingRun["status"];
  limit: string;
}

common(training.command("list").argument("[model]").description("The newest runs, of a model or of all"), [
  "npx sluice training list",
  "npx sluice training list cats --status Failed",
])
  .option("--status <status>", "only those that are so")
  .option("--limit <n>", "how many", "20")
  .action(async (model: string | undefined, { status, limit, ...options }: ListOptions) => {
    const { items } = await body(open(options).api.training.$get({ query: { model, status, limit } }));
    if (options.json) return printJson(items);
    if (items.length === 0) return say(`No run yet. Start one: npx sluice train ${model ?? "<model>"}`);
    say(
      table(items as TrainingRun[], [
        { title: "run", value: (run) => run.name },
        { title: "model", value: (run) => run.model },
        { title: "status", value: (run) => run.status, style: (run) => STATUS_STYLE[run.status] },
        { title: "accuracy", value: (run) => run.metrics?.["validation:accuracy"]?.toFixed(4) },
        { title: "seconds", value: (run) => run.billableSeconds },
        { title: "asked by", value: (run) => run.requestedBy },
        { title: "at", value: (run) => run.createdAt },
      ]),
    );
  });

common(
  training.command("show").argument("<run>").description("One run: settings, steps, figures, cost, reason"),
  ["npx sluice training show sluice-local-cats-20261121101500-7f3a"],
).action(async (name: string, options: CommonOptions) => {
  const run = await getRun(open(options).api, name);
  if (options.json) return printJson(run);
  say(shown(run));
});

interface LogOptions extends CommonOptions {
  follow?: boolean;
}

common(training.command("logs").argument("<run>").description("What the job printed"), [
  "npx sluice training logs RUN -f",
])
  .option("-f, --follow", "go on until the run is over")
  .action(async (name: string, { follow, ...options }: LogOptions) => {
    const { api } = open(options);
    const all: { at: string; line: string }[] = [];
    for await (const item of linesOf(api, name, Boolean(follow))) {
      if (options.json) all.push(item);
      else say(`${paint("dim", item.at.slice(11, 23))} ${plain(item.line)}`);
    }
    if (options.json) printJson(all);
  });

common(training.command("metrics").argument("<run>").description("The figures of each epoch"), [
  "npx sluice training metrics RUN --json",
]).action(async (name: string, options: CommonOptions) => {
  const found = await body(open(options).api.training[":name"].metrics.$get({ param: { name } }));
  if (options.json) return printJson(found);
  if (found.points.length === 0) return say("No figures yet.");
  const metrics = [...new Set(found.points.flatMap(({ values }) => Object.keys(values)))];
  say(
    table(found.points, [
      { title: "epoch", value: ({ epoch }) => epoch },
      ...metrics.map((metric) => ({
        title: metric,
        value: ({ values }: (typeof found.points)[number]) => values[metric],
      })),
    ]),
  );
});

common(training.command("stop").argument("<run>").description("Stop a run, in whatever state it is"), [
  "npx sluice training stop RUN",
]).action(async (name: string, options: CommonOptions) => {
  const run = await body(open(options).api.training[":name"].stop.$post({ param: { name } }));
  if (options.json) return printJson(run);
  say(run.status === "Stopped" ? `${name} is stopped.` : `${name} is asked to stop; it is ${run.status}.`);
});

async function* linesOf(api: Client, name: string, follow: boolean) {
  let cursor: string | undefined;
  for (;;) {
    const page = await body(
      api.training[":name"].logs.$get({ param: { name }, query: { cursor, limit: "1000" } }),
    );
    yield* page.items;
    cursor = page.cursor;
    if (page.items.length > 0) continue;
    if (!follow || page.over) return;
    await wait(POLL_MS);
  }
}

function shown(run: TrainingRun): string {
  const settings = Object.entries(run.hyperparameters ?? {}).map(([name, value]) => `${name}=${value}`);
  const lines: [string, string | undefined][] = [
    ["run", run.name],
    ["model", run.model],
    ["status", [run.status, run.secondaryStatus].filter(Boolean).join(" / ")],
    ["reason", run.failureReason],
    ["dataset", run.dataset],
    [
      "trained by",
      [run.container ?? run.image, run.platform, run.instance, run.spot && "spot"].filter(Boolean).join(", "),
    ],
    ["settings", settings.join("  ")],
    [
      "metrics",
      Object.entries(run.metrics ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join("  "),
    ],
    ["artifact", run.artifact],
    [
      "cost",
      run.cost &&
        `$${run.cost.dollars.toFixed(6)}  (${run.cost.items.map(({ formula }) => formula).join(" + ")})`,
    ],
    ["asked", `${run.createdAt}${run.requestedBy ? ` by ${run.requestedBy}` : ""}`],
    ["ended", run.finishedAt],
  ];
  const steps = (run.steps ?? []).map(
    ({ status, startedAt, message }) => `  ${startedAt}  ${status}${message ? `: ${plain(message)}` : ""}`,
  );
  const told = lines
    .filter(([, value]) => value)
    .map(([name, value]) => `${name.padEnd(11)} ${plain(value!)}`);
  return [...told, ...(steps.length > 0 ? ["steps", ...steps] : [])].join("\n");
}
