import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { Command, Option } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { poll } from "../target/poll.ts";
import { showDataset } from "./show.ts";
import { parseSplit } from "./split.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printJson, createProgressBar, STATUS_STYLE } from "../terminal/output.ts";

const POLL_MS = 400;

interface PrepareOptions extends CommonOptions {
  seed?: string;
  split?: string;
  cap: string[];
  weights?: "none" | "balanced";
  detach?: boolean;
}

export const prepare = withCommonOptions(
  new Command("prepare")
    .description("Create an immutable dataset from the labels of a model")
    .argument("<model>")
    .option("--seed <n>", "random seed; the same labels and seed give the same dataset")
    .option("--split <shares>", "shares of train:validation:test, such as 0.8:0.1:0.1")
    .option("--cap <class=n>", "maximum number of training items of a class; repeatable", collect, [])
    .addOption(new Option("--weights <how>", "class weights for training").choices(["none", "balanced"]))
    .option("--detach", "return as soon as the preparation has started"),
  [
    "npx sluice datasets prepare cats",
    "npx sluice datasets prepare cats --cap NoCat=200 --weights balanced --seed 7",
    "npx sluice datasets prepare blueprints --split 0.8:0.1:0.1",
  ],
).action(async (model: string, { seed, split, cap, weights, detach, ...options }: PrepareOptions) => {
  const { api } = connectTarget(options);
  const request = {
    model,
    seed: seed === undefined ? undefined : Number(seed),
    split: split === undefined ? undefined : parseSplit(split),
    caps: cap.length === 0 ? undefined : Object.fromEntries(cap.map(parseCap)),
    weights,
  };
  const started = await readBody(api.datasets.$post({ json: request }));
  const dataset = detach ? started : await waitForDataset(api, started.id);
  if (options.json) printJson(dataset);
  else if (dataset.status !== "failed") showDataset(dataset);
  if (dataset.status === "failed")
    throw new Failure(dataset.error!.code, dataset.error!.message, { hint: dataset.error!.hint });
});

export const list = withListOptions(
  withCommonOptions(
    new Command("list").description("List the datasets of a model, newest first").argument("<model>"),
    ["npx sluice datasets list cats", "npx sluice datasets list cats --json"],
  ),
  "datasets",
).action(async (model: string, options: ListOptions) => {
  const { api } = connectTarget(options);
  const found = await readPages<Dataset>(options, 100, (query) =>
    readBody(api.datasets.$get({ query: { model, ...query } })),
  );
  printList(found, options.json, {
    empty: `${model} has no datasets. Prepare one: npx sluice datasets prepare ${model}`,
    columns: [
      { title: "dataset", value: (row) => row.id },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "train", value: (row) => row.items?.train },
      { title: "validation", value: (row) => row.items?.validation },
      { title: "test", value: (row) => row.items?.test },
      { title: "seed", value: (row) => row.options.seed },
      { title: "digest", value: (row) => row.digest?.slice(0, 12) },
      { title: "created", value: (row) => row.createdAt },
    ],
  });
});

export const show = withCommonOptions(
  new Command("show").description("Show a dataset: items per class, and problems").argument("<id>"),
  ["npx sluice datasets show ds_1hk3v7q2mabcdefgh"],
).action(async (id: string, options: CommonOptions) => {
  const found = await readBody(connectTarget(options).api.datasets[":id"].$get({ param: { id } }));
  if (options.json) printJson(found);
  else showDataset(found as Dataset);
});

async function waitForDataset(api: Client, id: string): Promise<Dataset> {
  const bar = createProgressBar("inspecting files");
  const read = async () => {
    const found = (await readBody(api.datasets[":id"].$get({ param: { id } }))) as Dataset;
    if (found.status !== "preparing") return found;
    if (found.progress) bar.update(found.progress.done, found.progress.total);
    return undefined;
  };
  const message = () =>
    `The preparation of ${id} continues. Check its status: npx sluice datasets show ${id}`;
  return poll(read, POLL_MS, message).finally(bar.clear);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function parseCap(text: string): [string, number] {
  const [, name, count] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (name !== undefined) return [name, Number(count)];
  throw new Failure("CAP_INVALID", `--cap: "${text}" does not have the form class=n.`, {
    exit: EXIT.usage,
    hint: "For example --cap NoCat=200.",
  });
}
