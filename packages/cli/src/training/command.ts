import { setTimeout as wait } from "node:timers/promises";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { Command } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { paint, sanitize, printJson, print, STATUS_STYLE, printTable } from "../terminal/output.ts";
import { getRun } from "./follow.ts";

const POLL_MS = 1_000;

export const trainings = new Command("trainings").description("Manage training runs");

withListOptions(
  withCommonOptions(
    trainings.command("list").argument("[model]").description("List training runs, newest first"),
    ["npx sluice trainings list", "npx sluice trainings list cats --status Failed"],
  ),
  "runs",
)
  .option("--status <status>", "only runs with this status")
  .action(
    async (
      model: string | undefined,
      { status, ...options }: ListOptions & { status?: TrainingRun["status"] },
    ) => {
      const { api } = connectTarget(options);
      const found = await readPages<TrainingRun>(options, 100, (query) =>
        readBody(api.training.$get({ query: { model, status, ...query } })),
      );
      printList(found, options.json, {
        empty: `No training runs. Start one: npx sluice train ${model ?? "<model>"}`,
        columns: [
          { title: "run", value: (run) => run.name },
          { title: "model", value: (run) => run.model },
          { title: "status", value: (run) => run.status, style: (run) => STATUS_STYLE[run.status] },
          { title: "accuracy", value: (run) => run.metrics?.["validation:accuracy"]?.toFixed(4) },
          { title: "seconds", value: (run) => run.billableSeconds },
          { title: "requested by", value: (run) => run.requestedBy },
          { title: "created", value: (run) => run.createdAt },
        ],
      });
    },
  );

withCommonOptions(
  trainings
    .command("show")
    .argument("<run>")
    .description("Show a run: settings, steps, metrics, cost, failure reason"),
  ["npx sluice trainings show sluice-local-cats-20261121101500-7f3a"],
).action(async (name: string, options: CommonOptions) => {
  const run = await getRun(connectTarget(options).api, name);
  if (options.json) return printJson(run);
  print(formatRun(run));
});

interface LogOptions extends CommonOptions {
  follow?: boolean;
}

withCommonOptions(trainings.command("logs").argument("<run>").description("Print the log of a run"), [
  "npx sluice trainings logs RUN -f",
])
  .option("-f, --follow", "print new lines until the run ends")
  .action(async (name: string, { follow, ...options }: LogOptions) => {
    const { api } = connectTarget(options);
    const all: { at: string; line: string }[] = [];
    for await (const item of readLog(api, name, Boolean(follow))) {
      if (options.json) all.push(item);
      else print(`${paint("dim", item.at.slice(11, 23))} ${sanitize(item.line)}`);
    }
    if (options.json) printJson(all);
  });

withCommonOptions(
  trainings.command("metrics").argument("<run>").description("Print the metrics of each epoch"),
  ["npx sluice trainings metrics RUN --json"],
).action(async (name: string, options: CommonOptions) => {
  const found = await readBody(
    connectTarget(options).api.training[":name"].metrics.$get({ param: { name } }),
  );
  if (options.json) return printJson(found);
  if (found.points.length === 0) return print("No metrics yet.");
  const metrics = [...new Set(found.points.flatMap(({ values }) => Object.keys(values)))];
  printTable(found.points, [
    { title: "epoch", value: ({ epoch }) => epoch },
    ...metrics.map((metric) => ({
      title: metric,
      value: ({ values }: (typeof found.points)[number]) => values[metric],
    })),
  ]);
});

withCommonOptions(trainings.command("stop").argument("<run>").description("Stop a run in any state"), [
  "npx sluice trainings stop RUN",
]).action(async (name: string, options: CommonOptions) => {
  const run = await readBody(connectTarget(options).api.training[":name"].stop.$post({ param: { name } }));
  if (options.json) return printJson(run);
  print(run.status === "Stopped" ? `${name} is stopped.` : `Stopping ${name}; its status is ${run.status}.`);
});

async function* readLog(api: Client, name: string, follow: boolean) {
  let cursor: string | undefined;
  for (;;) {
    const page = await readBody(
      api.training[":name"].logs.$get({ param: { name }, query: { cursor, limit: "1000" } }),
    );
    yield* page.items;
    cursor = page.cursor;
    if (page.items.length > 0) continue;
    if (!follow || page.over) return;
    await wait(POLL_MS);
  }
}

function formatRun(run: TrainingRun): string {
  const settings = Object.entries(run.hyperparameters ?? {}).map(([name, value]) => `${name}=${value}`);
  const lines: [string, string | undefined][] = [
    ["run", run.name],
    ["model", run.model],
    ["status", [run.status, run.secondaryStatus].filter(Boolean).join(" / ")],
    ["reason", run.failureReason],
    ["dataset", run.dataset],
    [
      "trained with",
      [
        run.container ?? run.image,
        run.platform,
        run.instance,
        run.spot && "spot",
        run.profile && `profile ${run.profile}`,
      ]
        .filter(Boolean)
        .join(", "),
    ],
    ["starts from", run.startPoint?.version ?? run.startPoint?.uri],
    ["notes", run.notes?.join(" ")],
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
    ["created", `${run.createdAt}${run.requestedBy ? ` by ${run.requestedBy}` : ""}`],
    ["finished", run.finishedAt],
  ];
  const steps = (run.steps ?? []).map(
    ({ status, startedAt, message }) => `  ${startedAt}  ${status}${message ? `: ${sanitize(message)}` : ""}`,
  );
  const values = lines
    .filter(([, value]) => value)
    .map(([name, value]) => `${name.padEnd(12)} ${sanitize(value!)}`);
  return [...values, ...(steps.length > 0 ? ["steps", ...steps] : [])].join("\n");
}
