// Files of this machine that a training starts from: checked here, and uploaded for the job.
import { openAsBlob } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { TrainingRequest } from "@sluice/core/training/request.ts";
import { isPickle, PICKLE_PROBLEM } from "@sluice/core/training/torch/weights.ts";
import { readBody, type Client } from "../target/client.ts";
import { EXIT, Failure, failUnreadable } from "../terminal/failure.ts";
import { printNote } from "../terminal/output.ts";
import { postForm } from "../upload/form.ts";

/** What transformers writes beside the weights. */
const MODEL_FILE = /\.(safetensors|json|txt|model)$/;
const MODEL_CONFIG = "config.json";
/** A safetensors file starts with the length of its JSON header, in eight bytes. */
const HEADER_OFFSET = 8;

type LocalFiles = Partial<Record<"weights" | "baseModel", string[]>>;

/** Takes files of this machine out of the request. */
export async function takeLocalFiles(
  request: TrainingRequest,
): Promise<{ request: TrainingRequest; files: LocalFiles }> {
  const { weights, baseModel, ...rest } = request;
  const files: LocalFiles = {};
  if (weights !== undefined && namesFile(weights)) files.weights = [await checkWeights(weights)];
  if (baseModel !== undefined && (await isFolder(baseModel))) files.baseModel = await modelFiles(baseModel);
  return {
    request: {
      ...rest,
      ...(weights !== undefined && !files.weights && { weights }),
      ...(baseModel !== undefined && !files.baseModel && { baseModel }),
    },
    files,
  };
}

/** Uploads the files; returns the S3 folder of each option's. */
export async function uploadFiles(
  api: Client,
  model: string,
  files: LocalFiles,
): Promise<Record<string, string>> {
  const folders: Record<string, string> = {};
  for (const [option, paths] of Object.entries(files)) folders[option] = await upload(api, model, paths);
  return folders;
}

async function upload(api: Client, model: string, files: string[]): Promise<string> {
  const form = await readBody(api.models[":model"].training.weights.$post({ param: { model } }));
  for (const file of files) {
    const blob = await openAsBlob(file);
    printNote(`uploading ${path.basename(file)} (${(blob.size / 1e6).toFixed(1)} MB)`);
    await postForm(form, blob, `One file may have ${form.maxBytes} bytes.`, path.basename(file));
  }
  return form.uri;
}

const namesFile = (text: string) =>
  !text.startsWith("s3://") && (isPickle(text) || /[\\/]|\.safetensors$/.test(text));

async function checkWeights(file: string): Promise<string> {
  if (isPickle(file)) throw refuse(file, PICKLE_PROBLEM);
  const handle = await open(file).catch(failUnreadable(file));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_OFFSET + 1), 0, HEADER_OFFSET + 1, 0);
    const isSafetensors = bytesRead > HEADER_OFFSET && buffer[HEADER_OFFSET] === "{".charCodeAt(0);
    if (!isSafetensors) throw refuse(file, "is not a safetensors file");
    return file;
  } finally {
    await handle.close();
  }
}

async function isFolder(name: string): Promise<boolean> {
  const stats = await stat(name).catch(() => undefined);
  return Boolean(stats?.isDirectory());
}

async function modelFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  if (!names.includes(MODEL_CONFIG) || !names.some((name) => name.endsWith(".safetensors")))
    throw refuse(
      folder,
      `contains no model of transformers: it needs ${MODEL_CONFIG} and a .safetensors file`,
    );
  return names.filter((name) => MODEL_FILE.test(name)).map((name) => path.join(folder, name));
}

const refuse = (file: string, problem: string) =>
  new Failure("INPUT_INVALID", `${file} ${problem}.`, {
    exit: EXIT.usage,
    hint: "Weights are read from safetensors files only.",
  });
