// Imports a file of this machine as a version: a model.tar.gz, or an ONNX file that is packed here first.
import { openAsBlob } from "node:fs";
import { copyFile, mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Task } from "@sluice/core/prediction/prediction.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { readBody, type Client } from "../target/client.ts";
import { failUnreadable, EXIT, Failure } from "../terminal/failure.ts";
import { postForm } from "../upload/form.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";

export interface OnnxOptions {
  head?: string;
  size?: string;
  layout?: string;
  resize?: string;
  scale?: string;
  classes?: string;
}

interface DeclaredModel {
  name: string;
  task: Task;
  classes: string[];
}

export async function uploadModel(
  api: Client,
  model: string,
  file: string,
  options: OnnxOptions = {},
): Promise<ModelVersion> {
  if (await isGzip(file)) return sendPackage(api, model, file);
  const declared = await readBody(api.models[":model"].$get({ param: { model } }));
  const { folder, remove } = await createTempFolder("package");
  try {
    const dir = path.join(folder, "package");
    const archive = path.join(folder, "model.tar.gz");
    await buildPackage(file, dir, declared, options);
    const { pack } = await import("@sluice/inference/archive.ts");
    await pack(dir, archive);
    return await sendPackage(api, model, archive);
  } finally {
    remove();
  }
}

async function sendPackage(api: Client, model: string, archive: string): Promise<ModelVersion> {
  const form = await readBody(api.versions[":model"].form.$post({ param: { model } }));
  const bytes = await openAsBlob(archive);
  if (bytes.size > form.maxBytes)
    throw new Failure(
      "PACKAGE_TOO_LARGE",
      `${archive} has ${bytes.size} bytes; the limit for an uploaded package is ${form.maxBytes} bytes.`,
      {
        exit: EXIT.usage,
        hint: "Quantize the model, or train it in a job with `npx sluice train MODEL --platform IMAGE`. A package from a job may be larger.",
      },
    );
  await postForm(form, bytes, "Run the command again; the upload form expires after some minutes.");
  return readBody(api.versions[":model"].$post({ param: { model }, json: { key: form.key } }));
}

/** By the first two bytes; the file name does not matter. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch(failUnreadable(file));
  try {
    if (!(await handle.stat()).isFile())
      throw new Failure("PACKAGE_INVALID", `${file} is not a file.`, {
        exit: EXIT.usage,
        hint: "Pass a model.tar.gz or an ONNX file.",
      });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function buildPackage(file: string, dir: string, declared: DeclaredModel, options: OnnxOptions) {
  const { parseManifest, MANIFEST, MODEL_FILE } = await import("@sluice/inference/package.ts");
  const manifest = JSON.stringify(createManifest(declared, options), null, 2);
  parseManifest(manifest);
  await mkdir(dir);
  await copyFile(file, path.join(dir, MODEL_FILE));
  await writeFile(path.join(dir, MANIFEST), manifest);
  // Detects a wrong size, head or list of classes now, before an endpoint fails to start.
  const { loadEngine } = await import("@sluice/inference/engine/engine.ts");
  const { neutralInput } = await import("@sluice/core/version/sample.ts");
  const engine = await loadEngine(dir, { threads: 1 });
  try {
    await engine.predict(neutralInput(declared.task).bytes);
  } catch (cause) {
    throw new Failure(
      "PACKAGE_INVALID",
      `${file} does not work with these options. ${(cause as Error).message.replaceAll(/\s+/g, " ").trim()}`,
      {
        hint: "Compare --size, --head, --layout and --classes with the export of the model.",
        cause,
      },
    );
  } finally {
    await engine.close();
  }
}

/** What an ONNX file does not contain. */
function createManifest({ name, task, classes }: DeclaredModel, options: OnnxOptions) {
  if (task === "text-classification")
    throw new Failure("PACKAGE_INVALID", "A text model needs its tokenizer in the package.", {
      exit: EXIT.usage,
      hint: "Pack model.onnx, tokenizer.json and sluice.json into a model.tar.gz, and import that.",
    });
  const isDetector = task === "object-detection";
  if (!options.head)
    throw new Failure("PACKAGE_INVALID", "An ONNX file needs --head, the format of its output.", {
      exit: EXIT.usage,
      hint: `Add --head ${isDetector ? "yolov8 (or yolov5, nms)" : "softmax (or logits)"} and --size, the size of its input.`,
    });
  const [width, height = width] = (options.size ?? (isDetector ? "640" : "224")).split("x").map(Number);
  return {
    format: 1,
    model: name,
    version: "imported",
    task,
    classes: options.classes?.split(",").map((one) => one.trim()) ?? classes,
    input: {
      kind: "image",
      width,
      height,
      layout: options.layout ?? "NCHW",
      resize: options.resize ?? (isDetector ? "letterbox" : "stretch"),
      ...(options.scale && { normalise: { scale: Number(options.scale) } }),
    },
    output: { head: options.head },
  };
}
