import type { Monitoring } from "@sluice/core/monitor/read.ts";
import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, positiveInteger, withCommonOptions } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { print, printJson, printNote, sanitize } from "../terminal/output.ts";
import { formatHarm, REPORT_STYLE, showReport } from "./report.ts";

export const monitoring = new Command("monitoring").description(
  "Compare captured predictions with the baseline of the live version, to find drift",
);

withCommonOptions(
  monitoring
    .command("show <model>")
    .description("Show the baseline of a model, its next comparison and its latest report"),
  ["npx sluice monitoring show vehicles"],
).action(async (model: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const found: Monitoring = await readBody(api.monitoring[":model"].$get({ param: { model } }));
  if (options.json) return printJson(found);
  const { version, baseline, declared, nextRun, latest } = found;
  print(`live       ${version ?? "no version"}`);
  print(`baseline   ${baseline ? formatBaseline(baseline) : "none"}`);
  if (version && !baseline)
    printNote(
      `The first ${declared.baseline} captured predictions form it, or an evaluation: npx sluice evaluate ${model}`,
    );
  print(`schedule   ${declared.schedule}, next window complete at ${nextRun}`);
  print(`captured   ${Number((declared.capture * 100).toFixed(2))} % of the predictions`);
  if (!latest) return print("report     none yet");
  print();
  showReport(latest);
});

const formatBaseline = ({ source, count, measured }: NonNullable<Monitoring["baseline"]>) => {
  const origin = source === "evaluation" ? "held-out items of the evaluation" : "captured predictions";
  const score = measured ? `, ${measured.metric} ${formatShare(measured.value)}` : "";
  return `${count} ${origin}${score}`;
};
const formatShare = (share: number) => `${(share * 100).toFixed(1)} %`;

withCommonOptions(
  monitoring
    .command("run <model>")
    .description("Compare the predictions since the latest report with the baseline now"),
  ["npx sluice monitoring run vehicles", "npx sluice monitoring run vehicles --json | jq .status"],
).action(async (model: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  for (;;) {
    const answer = await readBody(api.monitoring[":model"].runs.$post({ param: { model } }));
    if ("id" in answer) return options.json ? printJson(answer) : showReport(answer);
    if (!options.json) printNote("Reading captures ...");
  }
});

withListOptions(
  withCommonOptions(
    monitoring
      .command("reports <model>")
      .description("List the drift reports of a model, the latest window first"),
    ["npx sluice monitoring reports vehicles"],
  ),
  "reports",
).action(async (model: string, options: ListOptions) => {
  const { api } = connectTarget(options);
  const page = await readPages<DriftReport>(options, 100, (query) =>
    readBody(api.monitoring[":model"].reports.$get({ param: { model }, query })),
  );
  printList(page, options.json, {
    empty: `${model} has no drift reports. Write one: npx sluice monitoring run ${model}`,
    columns: [
      { title: "id", value: (row) => row.id },
      { title: "until", value: (row) => row.to },
      { title: "version", value: (row) => row.modelVersion },
      { title: "predictions", value: (row) => row.count },
      { title: "status", value: (row) => row.status, style: (row) => REPORT_STYLE[row.status] },
      { title: "estimate", value: (row) => formatHarm(row) },
      { title: "reason", value: (row) => row.reason },
    ],
  });
});

withCommonOptions(
  monitoring.command("report <id>").description("Show a drift report with all its comparisons"),
  ["npx sluice monitoring report drp_0123"],
).action(async (id: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const report: DriftReport = await readBody(api.monitoring.reports[":id"].$get({ param: { id } }));
  if (options.json) return printJson(report);
  showReport(report);
});

withCommonOptions(
  monitoring
    .command("baseline <model>")
    .description("Build the baseline again, from the latest captured predictions of the live version")
    .option("--count <n>", "predictions that form it (default: declared)", positiveInteger),
  ["npx sluice monitoring baseline vehicles", "npx sluice monitoring baseline vehicles --count 200"],
).action(async (model: string, { count, ...options }: CommonOptions & { count?: number }) => {
  const { api } = connectTarget(options);
  const built = await readBody(
    api.monitoring[":model"].baseline.$post({ param: { model }, json: { count } }),
  );
  if (options.json) return printJson(built);
  print(sanitize(`${built.count} predictions are the baseline of version ${built.version} now.`));
});
