import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget, positiveInteger } from "../target/options.ts";
import { printList } from "../target/list.ts";
import { confirm } from "../terminal/confirm.ts";
import { runBenchmark } from "./benchmark.ts";
import type { Percentiles } from "./percentiles.ts";
import { paint, printJson, print, STATUS_STYLE, printTable } from "../terminal/output.ts";

export const endpoints = new Command("endpoints").description("Manage the endpoints of the models");

withCommonOptions(endpoints.command("list").description("List the endpoint of each declared model"), [
  "npx sluice endpoints list",
  "npx sluice endpoints list --json | jq '.items[].status'",
]).action(async (options: CommonOptions) => {
  const { api } = connectTarget(options);
  await readBody(api.endpoints.refresh.$post());
  const { items } = await readBody(api.models.$get());
  const rows = items.map(({ name, target, endpoint }) => ({ model: name, target, ...endpoint }));
  printList({ items: rows }, options.json, {
    columns: [
      { title: "model", value: (row) => row.model },
      { title: "endpoint", value: (row) => row.name },
      { title: "target", value: (row) => row.target },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "reason", value: (row) => row.failureReason },
    ],
  });
});

withCommonOptions(
  endpoints.command("status <model>").description("Show the endpoint of a model, with its deployments"),
  ["npx sluice endpoints status vehicles"],
).action(async (model: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  await readBody(api.endpoints.refresh.$post());
  const declared = await readBody(api.models[":model"].$get({ param: { model } }));
  if (declared.endpoint.status === "NotProvisioned") {
    if (options.json) return printJson({ ...declared.endpoint, deployments: [] });
    return print(`${declared.endpoint.name} is not provisioned. Uploads for ${model} wait as pending.`);
  }
  const found = await readBody(api.endpoints[":name"].$get({ param: { name: declared.endpoint.name } }));
  if (options.json) return printJson(found);
  const { name, status, config, failureReason, changedAt, deployments } = found;
  print(`${paint("bold", name)}  ${paint(STATUS_STYLE[status] ?? "yellow", status)}  since ${changedAt}`);
  print(`config  ${config ?? "-"}`);
  if (failureReason) print(`reason  ${failureReason}`);
  if (deployments.length === 0) return;
  print();
  printTable(deployments, [
    { title: "started", value: (row) => row.startedAt },
    { title: "status", value: (row) => row.status },
    { title: "config", value: (row) => row.config },
    { title: "reason", value: (row) => row.failureReason },
  ]);
});

withCommonOptions(
  endpoints
    .command("delete <model>")
    .description("Delete the endpoint of a model; its versions are kept, and its uploads wait as pending")
    .option("-y, --yes", "skip the confirmation"),
  ["npx sluice endpoints delete vehicles --yes"],
).action(async (model: string, { yes, ...options }: CommonOptions & { yes?: boolean }) => {
  const { api } = connectTarget(options);
  const { endpoint } = await readBody(api.models[":model"].$get({ param: { model } }));
  if (!yes) await confirm(`Delete ${endpoint.name}? Uploads for ${model} will wait as pending.`);
  const done = await readBody(api.endpoints[":name"].$delete({ param: { name: endpoint.name } }));
  if (options.json) return printJson(done);
  print(`${done.name} is being deleted. To create it again: npx sluice provision ${model}`);
});

withCommonOptions(
  endpoints
    .command("benchmark <model> <file>")
    .description("Measure the latency and throughput of an endpoint with one input file")
    .option("--calls <n>", "number of calls", positiveInteger, 50)
    .option("--concurrency <n>", "concurrent calls", positiveInteger, 1),
  [
    "npx sluice endpoints benchmark vehicles car.jpg",
    "npx sluice endpoints benchmark cats cat.jpg --calls 200 --concurrency 4",
  ],
).action(
  async (
    model: string,
    file: string,
    { calls, concurrency, ...options }: CommonOptions & { calls: number; concurrency: number },
  ) => {
    const found = await runBenchmark(connectTarget(options).target, { model, file, calls, concurrency });
    if (options.json) return printJson(found);
    const { first, ms, engineMs, failed, perSecond } = found;
    print(
      `${paint("bold", `${calls} calls`)} of ${model}, concurrency ${concurrency}: ${perSecond.toFixed(1)} per second`,
    );
    const formatMs = ({ p50, p95, p99 }: Percentiles) =>
      `p50 ${p50.toFixed(0)} ms   p95 ${p95.toFixed(0)} ms   p99 ${p99.toFixed(0)} ms`;
    print(`first   ${first.toFixed(0)} ms, excluded below because it may start a container`);
    print(`total   ${formatMs(ms)}`);
    if (engineMs) print(`model   ${formatMs(engineMs)}`);
    for (const [code, count] of Object.entries(failed)) print(`${paint("red", code)}  ${count}`);
  },
);
