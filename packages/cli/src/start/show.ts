// The main job, once, before your eyes: deploys the sample models, uploads files they have not seen, and prints what
// became of each. A start that was killed on the way is completed by the next one.
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { body, type Client } from "../client.ts";
import { send } from "../command/upload.ts";
import { follow } from "../deployment/follow.ts";
import type { LocalState } from "../local-state.ts";
import { note, paint, STATUS_STYLE, table } from "../output.ts";
import { finding } from "../prediction.ts";
import { bringFile } from "../version/bring.ts";
import { rememberShown, sampleFiles, samplePackage, SAMPLE_MODELS, type SampleFile } from "./samples.ts";

const POLL_MS = 250;
const PREDICTED_MS = 60_000;

interface Shown extends SampleFile {
  key: string;
  prediction: Prediction | undefined;
}

/** Trains what is missing and sees to it that each sample model has an endpoint; one that serves is left as it is. */
export async function deploySamples(api: Client, dir: string): Promise<void> {
  const { items } = await body(api.models.$get());
  const serves = (model: string) =>
    items.some(({ name, endpoint }) => name === model && endpoint.status === "InService");
  const bare = SAMPLE_MODELS.filter((model) => !serves(model));
  await each(bare, async (model) => {
    const report = progressOf(model);
    const { version } = await bringFile(api, model, await samplePackage(dir, model, report));
    const { endpoint, deployment } = await body(api.deployments.$post({ json: { model, version } }));
    if (!deployment) return;
    await follow(api, deployment, { quiet: true });
    note(`${paint("green", "✓")} ${model} serves at ${endpoint}`);
  });
}

/** Prints by `print` what became of each sample. One that a killed start has sent is not sent again. */
export async function showSamples(
  api: Client,
  { uploads }: LocalState["buckets"],
  dir: string,
  print: (table: string) => void,
): Promise<void> {
  const files = (await each(SAMPLE_MODELS, (model) => sampleFiles(dir, model))).flat();
  const sent = await sentBefore(uploads);
  const shown = await each(files, async (sample): Promise<Shown> => {
    const key = sent(sample) ?? (await send(api, sample.file, sample)).key;
    return { ...sample, key, prediction: await predicted(api, sample.model, key) };
  });
  if (shown.every(({ prediction }) => prediction))
    await rememberShown(
      dir,
      shown.map(({ key }) => key),
    );
  print(
    table(shown, [
      { title: "model", value: (row) => row.model },
      { title: "file", value: (row) => path.basename(row.file) },
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

/** An upload is kept as soon as it is accepted; its prediction may still be on its way. */
async function sentBefore(Bucket: string) {
  const s3 = new S3Client({ forcePathStyle: true });
  const keys: string[] = [];
  try {
    for (const model of SAMPLE_MODELS)
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: `uploads/${model}/` }))
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
  } finally {
    s3.destroy();
  }
  return ({ model, file }: SampleFile) =>
    keys.find((key) => key.startsWith(`uploads/${model}/`) && key.endsWith(`-${path.basename(file)}`));
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
      note(
        `${process.stderr.isTTY ? "\u001b[K" : ""}${paint("green", "✓")} ${model} trained: ${line.replace(/^final; /, "")}`,
      );
  };
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
