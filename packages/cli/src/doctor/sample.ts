// End to end: uploads a file for each declared model and waits for its prediction.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { InvalidArgumentError } from "commander";
import { formatSummary } from "../prediction/format.ts";
import { waitForPrediction } from "../sample/deploy.ts";
import { SAMPLE_MODELS, sampleFiles } from "../sample/package.ts";
import { readBody } from "../target/client.ts";
import { uploadFile } from "../upload/upload.ts";
import { type CheckContext, type CheckResult, fail, ok, warn } from "./check.ts";
import { findDeployedName } from "./graph.ts";

interface Item {
  file: string;
  /** What it is, after "for". */
  what: string;
  type?: string;
}

/** For commander: "receipts=taxi.txt". */
export function parseSampleFile(text: string, before: Map<string, string>): Map<string, string> {
  const [, model, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!model || !file) throw new InvalidArgumentError("Write MODEL=PATH, such as receipts=taxi.txt.");
  return new Map(before).set(model, file);
}

export async function checkSamples(
  context: CheckContext,
  files: ReadonlyMap<string, string>,
): Promise<CheckResult[]> {
  const { items } = await readBody(context.api.models.$get());
  const unknown = [...files.keys()].filter((model) => !items.some(({ name }) => name === model));
  return [
    ...unknown.map((model) => fail(`${model} is not declared, so its file was not used.`, "Check the name.")),
    ...(await Promise.all(
      items.map(async ({ name, endpoint }) => {
        if (endpoint.status !== "InService")
          return warn(
            `${name} was not tested: its endpoint is ${endpoint.status}.`,
            `Deploy it: npx sluice provision ${name}`,
          );
        const item = await findItem(context, name, files.get(name));
        if (item) return testItem(context, name, item);
        return warn(
          `${name} was not tested: there is no sample for it.`,
          `Name a file: npx sluice doctor --deep --file ${name}=PATH`,
        );
      }),
    )),
  ];
}

async function findItem(
  context: CheckContext,
  model: string,
  file: string | undefined,
): Promise<Item | undefined> {
  if (file !== undefined) return { file, what: path.basename(file) };
  if (!SAMPLE_MODELS.includes(model)) return findKnownInput(context, model);
  const [first] = await sampleFiles(context.dir, model);
  return { file: first!.file, what: `a sample of ${first!.truth}` };
}

/** The input of the smoke test of the live version, from the artifacts bucket. */
async function findKnownInput(
  { api, sdk, target, dir }: CheckContext,
  model: string,
): Promise<Item | undefined> {
  if (target.where === "named") return undefined;
  const { version } = await readBody(api.traffic[":model"].$get({ param: { model } }));
  if (!version) return undefined;
  const { sample } = await readBody(api.versions[":model"][":version"].$get({ param: { model, version } }));
  if (!sample) return undefined;
  const s3 = new S3Client(sdk);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const bucket = findDeployedName(
    Buckets.map(({ Name }) => Name!),
    target,
    "artifactsbucket",
  );
  if (!bucket) return undefined;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: sample.key }));
  const folder = path.join(dir, "samples", model);
  const file = path.join(folder, path.basename(sample.key));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, await Body!.transformToByteArray(), { mode: 0o600 });
  return { file, what: `the known input of version ${version}`, type: sample.contentType };
}

async function testItem(
  { api }: CheckContext,
  model: string,
  { file, what, type }: Item,
): Promise<CheckResult> {
  const { key } = await uploadFile(api, file, { model, type });
  const prediction = await waitForPrediction(api, model, key);
  if (prediction?.status === "completed" || prediction?.status === "rejected")
    return ok(
      `${model} predicted ${formatSummary(prediction)} for ${what} in ${prediction.timings?.totalMs ?? "?"} ms`,
    );
  const error = prediction?.error;
  return fail(
    prediction
      ? `${key} is ${prediction.status}${error ? `: ${error.code}: ${error.message}` : ""}.`
      : `${key} has no prediction after one minute.`,
    error?.hint ?? `Read the log: npx sluice logs ${model} --since 5m`,
  );
}
