import { setTimeout as wait } from "node:timers/promises";
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { Command, Option } from "commander";
import { body, type Client } from "../../client.ts";
import { common, type CommonOptions, open } from "../../common.ts";
import { showDataset } from "../../dataset/show.ts";
import { EXIT, Failure } from "../../failure.ts";
import { onInterrupt } from "../../interrupt.ts";
import { printJson, progressOf, say, STATUS_STYLE, table } from "../../output.ts";

const POLL_MS = 400;

interface PrepareOptions extends CommonOptions {
  seed?: string;
  split?: string;
  cap: string[];
  weights?: "none" | "balanced";
  wait: boolean;
}

export const prepare = common(
  new Command("prepare")
    .description("Split a model's labels into a dataset that never changes; what is not said is as declared")
    .argument("<model>")
    .option("--seed <n>", "the same labels and seed give the same dataset")
    .option("--split <shares>", "train:validation:test, such as 0.8:0.1:0.1")
    .option("--cap <class=n>", "the most examples of a class in training; may be repeated", gathered, [])
    .addOption(new Option("--weights <how>", "weigh classes in training").choices(["none", "balanced"]))
    .option("--no-wait", "do not wait until it is ready"),
  [
    "sluice dataset prepare cats",
    "sluice dataset prepare cats --cap NoCat=200 --weights balanced --seed 7",
    "sluice dataset prepare blueprints --split 0.8:0.1:0.1",
  ],
).action(async (model: string, { seed, split, cap, weights, wait: waits, ...options }: PrepareOptions) => {
  const { api } = open(options);
  const wish = {
    model,
    seed: seed === undefined ? undefined : Number(seed),
    split: split === undefined ? undefined : sharesOf(split),
    caps: cap.length === 0 ? undefined : Object.fromEntries(cap.map(capOf)),
    weights,
  };
  const begun = await body(api.datasets.$post({ json: wish }));
  const dataset = waits ? await settled(api, begun.id) : begun;
  if (options.json) printJson(dataset);
  else if (dataset.status !== "failed") showDataset(dataset);
  if (dataset.status === "failed")
    throw new Failure(dataset.error!.code, dataset.error!.message, { hint: dataset.error!.hint });
});

export const list = common(
  new Command("list")
    .description("A model's datasets, newest first")
    .argument("<model>")
    .option("--limit <n>", "how many", "20"),
  ["sluice dataset list cats", "sluice dataset list cats --json"],
).action(async (model: string, { limit, ...options }: CommonOptions & { limit: string }) => {
  const { items } = await body(open(options).api.datasets.$get({ query: { model, limit } }));
  if (options.json) return printJson(items);
  if (items.length === 0) return say(`None yet. Prepare one: npx sluice dataset prepare ${model}`);
  say(
    table(items as Dataset[], [
      { title: "dataset", value: (row) => row.id },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "train", value: (row) => row.items?.train },
      { title: "validation", value: (row) => row.items?.validation },
      { title: "test", value: (row) => row.items?.test },
      { title: "seed", value: (row) => row.options.seed },
      { title: "digest", value: (row) => row.digest?.slice(0, 12) },
      { title: "at", value: (row) => row.createdAt },
    ]),
  );
});

export const show = common(
  new Command("show")
    .description("One dataset: what became of each class, and what was wrong")
    .argument("<id>"),
  ["sluice dataset show ds_1hk3v7q2mabcdefgh"],
).action(async (id: string, options: CommonOptions) => {
  const found = await body(open(options).api.datasets[":id"].$get({ param: { id } }));
  if (options.json) printJson(found);
  else showDataset(found as Dataset);
});

async function settled(api: Client, id: string): Promise<Dataset> {
  const over = onInterrupt(
    () => `${id} goes on being prepared. What became of it: npx sluice dataset show ${id}`,
  );
  const bar = progressOf("looking at files");
  try {
    for (;;) {
      const found = (await body(api.datasets[":id"].$get({ param: { id } }))) as Dataset;
      if (found.status !== "preparing") return found;
      if (found.progress) bar.at(found.progress.done, found.progress.total);
      await wait(POLL_MS);
    }
  } finally {
    bar.end();
    over();
  }
}

function gathered(value: string, before: string[]): string[] {
  return [...before, value];
}

function sharesOf(text: string) {
  const [train, validation, test, ...more] = text.split(/[:,/]/).map(Number);
  if (
    more.length > 0 ||
    [train, validation, test].some((share) => share === undefined || Number.isNaN(share))
  )
    throw new Failure("SPLIT_INVALID", `--split: "${text}" is not three shares.`, {
      exit: EXIT.usage,
      hint: "Write train:validation:test, such as 0.8:0.1:0.1.",
    });
  return { train: train!, validation: validation!, test: test! };
}

function capOf(text: string): [string, number] {
  const [, name, count] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (name !== undefined) return [name, Number(count)];
  throw new Failure("CAP_INVALID", `--cap: "${text}" is not of the form class=n.`, {
    exit: EXIT.usage,
    hint: "For instance --cap NoCat=200.",
  });
}
