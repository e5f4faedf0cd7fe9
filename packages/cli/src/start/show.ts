// The main job, once, before your eyes: deploys the sample models, uploads files they have not seen, and prints what
// became of each.
import { setTimeout as wait } from "node:timers/promises";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { body, type Client } from "../client.ts";
import { send } from "../command/upload.ts";
import { Failure } from "../failure.ts";
import { note, paint, say, STATUS_STYLE, table } from "../output.ts";
import { finding } from "../prediction.ts";
import { sampleFiles, samplePackage, SAMPLE_MODELS, type SampleFile } from "./samples.ts";

const POLL_MS = 250;
/** A container loads its model in a second or two; SageMaker itself would give it three minutes. */
const IN_SERVICE_MS = 3 * 60_000;
const PREDICTED_MS = 60_000;

interface Shown extends SampleFile {
  prediction: Prediction | undefined;
}

/** Trains what is missing and sees to it that each sample model's endpoint serves it. */
export async function deploySamples(api: Client, dir: string): Promise<void> {
  await each(SAMPLE_MODELS, async (model) => {
    const report = progressOf(model);
    const bytes = await samplePackage(dir, model, report);
    const { provision } = await import("@sluice/core/endpoint/provision.ts");
    const { action, endpoint } = await provision({ model, package: bytes });
    if (action !== "unchanged") await inService(api, model);
    if (action !== "unchanged") note(`${paint("green", "✓")} ${model} serves at ${endpoint}`);
  });
}

export async function showSamples(api: Client, dir: string): Promise<void> {
  const files = (await each(SAMPLE_MODELS, (model) => sampleFiles(dir, model))).flat();
  const sent = await each(files, async (sample) => ({
    ...sample,
    key: (await send(api, sample.file, sample)).key,
  }));
  const shown = await each(sent, async ({ key, ...sample }): Promise<Shown> => ({
    ...sample,
    prediction: await predicted(api, sample.model, key),
  }));
  say(
    table(shown, [
      { title: "model", value: (row) => row.model },
      { title: "file", value: (row) => row.file.split("/").at(-1) },
      { title: "it is", value: (row) => row.truth },
      {
        title: "status",
        value: (row) => row.prediction?.status ?? "waiting",
        style: (row) => STATUS_STYLE[row.prediction?.status ?? "pending"],
      },
      { title: "predicted", value: (row) => (row.prediction ? finding(row.prediction) : "") },
      { title: "ms", value: (row) => row.prediction?.timings?.totalMs ?? 0 },
    ]),
  );
}

const each = <T, R>(items: readonly T[], work: (item: T) => Promise<R>) => Promise.all(items.map(work));

function progressOf(model: string) {
  let said = false;
  return (line: string) => {
    if (!said) note(`  training ${model} on pictures or texts drawn here ...`);
    said = true;
    const [, loss, accuracy] = /train:loss=([\d.]+).*validation:accuracy=([\d.]+)/.exec(line) ?? [];
    if (accuracy && line.startsWith("final")) return;
    if (loss && process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K  ${model}: loss ${loss}, accuracy ${accuracy}\r`);
    if (line.startsWith("final"))
      note(`\u001b[K${paint("green", "✓")} ${model} trained: ${line.replace(/^final; /, "")}`);
  };
}

async function inService(api: Client, model: string): Promise<void> {
  const end = Date.now() + IN_SERVICE_MS;
  for (;;) {
    const { endpoint } = await body(api.models[":model"].$get({ param: { model } }));
    if (endpoint.status === "InService") return;
    if (endpoint.status === "Failed" || Date.now() > end) {
      throw new Failure(
        "ENDPOINT_FAILED",
        `${endpoint.name} is ${endpoint.status}: ${endpoint.failureReason ?? "no reason given"}.`,
        { hint: `Look at its log: npx sluice logs ${model}` },
      );
    }
    await wait(POLL_MS);
  }
}

export async function predicted(api: Client, model: string, key: string): Promise<Prediction | undefined> {
  const end = Date.now() + PREDICTED_MS;
  while (Date.now() < end) {
    const { items } = await body(api.predictions.$get({ query: { model, limit: "50" } }));
    const found = items.find(({ source }) => source.key === key);
    if (found && found.status !== "pending" && found.status !== "processing") return found;
    await wait(POLL_MS);
  }
  return undefined;
}
