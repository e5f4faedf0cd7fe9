// A package from this machine to a version: a model.tar.gz as it is, or an ONNX file with what is to be known about it.
import { openAsBlob } from "node:fs";
import { copyFile, mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Task } from "@sluice/core/prediction/prediction.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { body, type Client } from "../client.ts";
import { cannotRead, EXIT, Failure } from "../failure.ts";
import { post } from "../form.ts";
import { scratch } from "../scratch.ts";

export interface OnnxOptions {
  head?: string;
  size?: string;
  layout?: string;
  resize?: string;
  scale?: string;
  classes?: string;
}

interface Declared {
  name: string;
  task: Task;
  classes: string[];
}

export async function bringFile(
  api: Client,
  model: string,
  file: string,
  options: OnnxOptions = {},
): Promise<ModelVersion> {
  if (await isGzip(file)) return send(api, model, file);
  const declared = await body(api.models[":model"].$get({ param: { model } }));
  const { folder, done } = await scratch("package");
  try {
    const dir = path.join(folder, "package");
    const archive = path.join(folder, "model.tar.gz");
    await wrap(file, dir, declared, options);
    const { pack } = await import("@sluice/inference/archive.ts");
    await pack(dir, archive);
    return await send(api, model, archive);
  } finally {
    done();
  }
}

async function send(api: Client, model: string, archive: string): Promise<ModelVersion> {
  const form = await body(api.versions[":model"].form.$post({ param: { model } }));
  const whole = await openAsBlob(archive);
  if (whole.size > form.maxBytes)
    throw new Failure(
      "PACKAGE_TOO_LARGE",
      `${archive} has ${whole.size} bytes; brought, a package may have ${form.maxBytes}.`,
      {
        exit: EXIT.usage,
        hint: "Quantise the model, or let a training job leave it: sluice train --platform IMAGE. What a job leaves may be larger.",
      },
    );
  await post(form, whole, "Ask for it again: the form is good for some minutes.");
  return body(api.versions[":model"].$post({ param: { model }, json: { key: form.key } }));
}

/** Told by its first two bytes, whatever it is called. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch(cannotRead(file));
  try {
    if (!(await handle.stat()).isFile())
      throw new Failure("PACKAGE_INVALID", `${file} is no file.`, {
        exit: EXIT.usage,
        hint: "Name a model.tar.gz, or an ONNX file.",
      });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function wrap(file: string, dir: string, declared: Declared, options: OnnxOptions) {
  const { parseManifest, MANIFEST, MODEL_FILE } = await import("@sluice/inference/package.ts");
  const manifest = JSON.stringify(manifestOf(declared, options), null, 2);
  parseManifest(manifest);
  await mkdir(dir);
  await copyFile(file, path.join(dir, MODEL_FILE));
  await writeFile(path.join(dir, MANIFEST), manifest);
  // A wrong size, head or list of classes is told here and now, not by an endpoint that does not start.
  const { load } = await import("@sluice/inference/engine/engine.ts");
  const { neutral } = await import("@sluice/core/version/sample.ts");
  const engine = await load(dir, { threads: 1 });
  try {
    await engine.predict(neutral(declared.task).bytes);
  } catch (cause) {
    throw new Failure(
      "PACKAGE_INVALID",
      `${file} does not answer as described. ${(cause as Error).message.replaceAll(/\s+/g, " ").trim()}`,
      {
        hint: "Compare --size, --head, --layout and the classes with how the model was exported.",
        cause,
      },
    );
  } finally {
    await engine.close();
  }
}

/** What an ONNX file does not say of itself. */
function manifestOf({ name, task, classes }: Declared, options: OnnxOptions) {
  if (task === "text-classification")
    throw new Failure("PACKAGE_INVALID", "A text model needs its tokenizer beside it.", {
      exit: EXIT.usage,
      hint: "Pack model.onnx, tokenizer.json and sluice.json into a model.tar.gz, and bring that.",
    });
  const detects = task === "object-detection";
  if (!options.head)
    throw new Failure("PACKAGE_INVALID", "An ONNX file does not say how its output is to be read.", {
      exit: EXIT.usage,
      hint: `Add --head ${detects ? "yolov8 (or yolov5, nms)" : "softmax (or logits)"} and --size, the side of its input.`,
    });
  const [width, height = width] = (options.size ?? (detects ? "640" : "224")).split("x").map(Number);
  return {
    format: 1,
    model: name,
    version: "brought",
    task,
    classes: options.classes?.split(",").map((one) => one.trim()) ?? classes,
    input: {
      kind: "image",
      width,
      height,
      layout: options.layout ?? "NCHW",
      resize: options.resize ?? (detects ? "letterbox" : "stretch"),
      ...(options.scale && { normalise: { scale: Number(options.scale) } }),
    },
    output: { head: options.head },
  };
}
