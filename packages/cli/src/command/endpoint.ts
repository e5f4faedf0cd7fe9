import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { inService } from "../in-service.ts";
import { linkResources } from "../links.ts";
import { paint, printJson, say, STATUS_STYLE, table } from "../output.ts";

export const endpoint = new Command("endpoint").description("The endpoints that answer for the models");

common(endpoint.command("list").description("Every declared model's endpoint and its status"), [
  "sluice endpoint list",
  "sluice endpoint list --json | jq '.[].status'",
]).action(async (options: CommonOptions) => {
  const { items } = await body(open(options).api.models.$get());
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
    .command("provision <model> <package>")
    .description("Serve a trained package (model.tar.gz); changes nothing when it is served already")
    .option("--no-wait", "return once SageMaker has begun"),
  ["sluice endpoint provision vehicles model.tar.gz"],
).action(
  async (model: string, file: string, { wait: follow, ...options }: CommonOptions & { wait: boolean }) => {
    linkResources(options, "endpoint provision <model> <package>");
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new Failure("FILE_MISSING", `${file} cannot be read.`, {
        exit: EXIT.missing,
        hint: "Check the path.",
        cause,
      });
    });
    const { provision } = await import("@sluice/core/endpoint/provision.ts");
    const done = await provision({ model, package: bytes });
    if (follow && done.action !== "unchanged")
      await inService(open(options).api, model, done.endpoint, done.config);
    if (options.json) return printJson(done);
    say(
      `${done.endpoint}: ${done.action}${done.action === "unchanged" ? ", it serves this package already" : ""}`,
    );
  },
);
