import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open, whole } from "../common.ts";
import { confirmed } from "../confirm.ts";
import { benchmark } from "../deployment/benchmark.ts";
import { paint, printJson, say, STATUS_STYLE, table } from "../output.ts";

export const endpoint = new Command("endpoint").description("The endpoints that answer for the models");

common(endpoint.command("list").description("Every declared model's endpoint and its status"), [
  "sluice endpoint list",
  "sluice endpoint list --json | jq '.[].status'",
]).action(async (options: CommonOptions) => {
  const { api } = open(options);
  await body(api.endpoints.refresh.$post());
  const { items } = await body(api.models.$get());
  const rows = items.map(({ name, target, endpoint }) => ({ model: name, target, ...endpoint }));
  if (options.json) return printJson(rows);
  say(
    table(rows, [
      { title: "model", value: (row) => row.model },
      { title: "endpoint", value: (row) => row.name },
      { title: "target", value: (row) => row.target },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "reason", value: (row) => row.failureReason },
    ]),
  );
});

common(endpoint.command("status <model>").description("One model's endpoint, and its deployments"), [
  "sluice endpoint status vehicles",
]).action(async (model: string, options: CommonOptions) => {
  const { api } = open(options);
  await body(api.endpoints.refresh.$post());
  const declared = await body(api.models[":model"].$get({ param: { model } }));
  if (declared.endpoint.status === "NotProvisioned") {
    if (options.json) return printJson({ ...declared.endpoint, deployments: [] });
    return say(
      `${declared.endpoint.name} is not provisioned; uploads for ${model} wait as pending until it is.`,
    );
  }
  const found = await body(api.endpoints[":name"].$get({ param: { name: declared.endpoint.name } }));
  if (options.json) return printJson(found);
  const { name, status, config, failureReason, changedAt, deployments } = found;
  say(`${paint("bold", name)}  ${paint(STATUS_STYLE[status] ?? "yellow", status)}  since ${changedAt}`);
  say(`config  ${config ?? "-"}`);
  if (failureReason) say(`reason  ${failureReason}`);
  if (deployments.length === 0) return;
  say();
  say(
    table(deployments, [
      { title: "started", value: (row) => row.startedAt },
      { title: "status", value: (row) => row.status },
      { title: "config", value: (row) => row.config },
      { title: "reason", value: (row) => row.failureReason },
    ]),
  );
});

common(
  endpoint
    .command("delete <model>")
    .description("Delete a model's endpoint; its versions stay, and its uploads wait for another")
    .option("-y, --yes", "do not ask first"),
  ["sluice endpoint delete vehicles --yes"],
).action(async (model: string, { yes, ...options }: CommonOptions & { yes?: boolean }) => {
  const { api } = open(options);
  const { endpoint } = await body(api.models[":model"].$get({ param: { model } }));
  if (!yes) await confirmed(`Delete ${endpoint.name}? Uploads for ${model} will wait.`);
  const done = await body(api.endpoints[":name"].$delete({ param: { name: endpoint.name } }));
  if (options.json) return printJson(done);
  say(`${done.name} is being deleted. Serve again with: sluice provision ${model}`);
});

common(
  endpoint
    .command("history <model>")
    .description("A model's deployments: who asked, how far they came, and why one failed")
    .option("--limit <n>", "how many", "20"),
  ["sluice endpoint history cats"],
).action(async (model: string, { limit, ...options }: CommonOptions & { limit: string }) => {
  const { items } = await body(open(options).api.deployments.$get({ query: { model, limit } }));
  if (options.json) return printJson(items);
  if (items.length === 0) return say(`${model} was never deployed: sluice provision ${model}`);
  say(
    table(items, [
      { title: "started", value: (row) => row.startedAt },
      { title: "version", value: (row) => row.version },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "step", value: (row) => row.step },
      { title: "by", value: (row) => row.requestedBy },
      { title: "reason", value: (row) => row.reason },
    ]),
  );
});

common(
  endpoint
    .command("benchmark <model> <file>")
    .description("How long the endpoint takes for an input: calls one after the other, or several at once")
    .option("--calls <n>", "how many", whole, 50)
    .option("--at-once <n>", "side by side", whole, 1),
  [
    "sluice endpoint benchmark vehicles car.jpg",
    "sluice endpoint benchmark cats cat.jpg --calls 200 --at-once 4",
  ],
).action(
  async (
    model: string,
    file: string,
    { calls, atOnce, ...options }: CommonOptions & { calls: number; atOnce: number },
  ) => {
    const found = await benchmark(open(options).target, { model, file, calls, atOnce });
    if (options.json) return printJson(found);
    const { first, ms, engineMs, failed, perSecond } = found;
    say(
      `${paint("bold", `${calls} calls`)} of ${model}, ${atOnce} at once: ${perSecond.toFixed(1)} a second`,
    );
    const figures = (of: typeof ms) =>
      `p50 ${of.p50.toFixed(0)} ms   p95 ${of.p95.toFixed(0)} ms   p99 ${of.p99.toFixed(0)} ms`;
    say(`first   ${first.toFixed(0)} ms, not among those below: a container may have had to start for it`);
    say(`answer  ${figures(ms)}`);
    if (engineMs) say(`model   ${figures(engineMs)}`);
    for (const [code, count] of Object.entries(failed)) say(`${paint("red", code)}  ${count}`);
  },
);
