// sluice.json, which describes the model.onnx beside it.
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { InferenceError } from "./error.ts";

export const MANIFEST = "sluice.json";
export const MODEL_FILE = "model.onnx";
/** An output of this name is the embedding, unless `output.embedding` names another. */
export const EMBEDDING_OUTPUT = "embedding";

const triple = z.tuple([z.number(), z.number(), z.number()]);

export const ImageInput = z.strictObject({
  kind: z.literal("image"),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  layout: z.enum(["NCHW", "NHWC"]).default("NCHW"),
  channels: z.enum(["RGB", "BGR"]).default("RGB"),
  /** How to fit an image of another shape. */
  resize: z.enum(["letterbox", "stretch", "crop"]).default("stretch"),
  kernel: z.enum(["nearest", "linear", "cubic", "lanczos3"]).default("linear"),
  /** Gray value around a letterboxed image. */
  pad: z.int().min(0).max(255).default(114),
  /** value = (pixel * scale - mean) / std, by channel in the order of `channels`. */
  normalise: z
    .strictObject({
      scale: z
        .number()
        .positive()
        .default(1 / 255),
      mean: triple.default([0, 0, 0]),
      std: triple
        .default([1, 1, 1])
        .refine((std) => std.every((value) => value !== 0), "must not hold a zero"),
    })
    .default({ scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] }),
});

export const TextInput = z.strictObject({
  kind: z.literal("text"),
  maxLength: z.int().min(2).max(8192).default(512),
  tokenizer: z.discriminatedUnion("kind", [
    /** A Hugging Face tokenizer.json (WordPiece, BPE or Unigram), or a vocab.txt for WordPiece. */
    z.strictObject({
      kind: z.literal("file"),
      file: z
        .string()
        .regex(/^[\w.-]+$/)
        .default("tokenizer.json"),
    }),
    /** N-grams of words and characters, hashed into one vector of counts, without a vocabulary. */
    z.strictObject({
      kind: z.literal("hash"),
      buckets: z.int().min(2).max(1_048_576),
      words: z.array(z.int().min(1).max(5)).default([1, 2]),
      characters: z.array(z.int().min(1).max(8)).default([]),
    }),
  ]),
});

const MAX_TENSOR_BYTES = 2 ** 31;

export const Manifest = z
  .strictObject({
    format: z.literal(1),
    model: z.string().min(1).max(128),
    version: z.string().min(1).max(128),
    task: z.enum(["image-classification", "object-detection", "text-classification"]),
    classes: z.array(z.string().min(1)).min(1).max(100_000),
    input: z.discriminatedUnion("kind", [ImageInput, TextInput]),
    output: z.strictObject({
      head: z.enum(["softmax", "logits", "yolov5", "yolov8", "nms"]),
      /** The output tensor; the model's first by default. */
      name: z.string().optional(),
      /** The output with a vector for each input, which monitoring compares: the layer before the head. */
      embedding: z.string().optional(),
    }),
    thresholds: z
      .strictObject({
        confidence: z.number().min(0).max(1).default(0.25),
        iou: z.number().min(0).max(1).default(0.45),
        maxDetections: z.int().min(1).max(10_000).default(300),
      })
      .default({ confidence: 0.25, iou: 0.45, maxDetections: 300 }),
    /** Waiting requests run together, up to this number; the model needs a dynamic first dimension. */
    maxBatch: z.int().min(1).max(256).default(1),
    training: z.record(z.string(), z.unknown()).optional(),
    metrics: z.record(z.string(), z.unknown()).optional(),
    datasetDigest: z.string().optional(),
  })
  .superRefine((manifest, context) => {
    const isDetectorHead = ["yolov5", "yolov8", "nms"].includes(manifest.output.head);
    if (isDetectorHead !== (manifest.task === "object-detection"))
      context.addIssue({
        code: "custom",
        path: ["output", "head"],
        message: `'${manifest.output.head}' does not fit the task ${manifest.task}`,
      });
    if ((manifest.input.kind === "text") !== (manifest.task === "text-classification"))
      context.addIssue({
        code: "custom",
        path: ["input", "kind"],
        message: `'${manifest.input.kind}' does not fit the task ${manifest.task}`,
      });
    const { input, maxBatch } = manifest;
    if (input.kind === "image" && input.width * input.height * 3 * 4 * maxBatch > MAX_TENSOR_BYTES)
      context.addIssue({
        code: "custom",
        path: ["maxBatch"],
        message: `${maxBatch} images of ${input.width} x ${input.height} need more than 2 GB of memory`,
      });
  });

export type Manifest = z.output<typeof Manifest>;
export type ManifestInput = z.input<typeof Manifest>;
export type ImageInput = z.output<typeof ImageInput>;
export type TextInput = z.output<typeof TextInput>;

export async function readManifest(dir: string): Promise<Manifest> {
  const file = path.join(dir, MANIFEST);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw invalid(
      `The package has no ${MANIFEST}.`,
      `Put ${MANIFEST} beside ${MODEL_FILE} at the package's root.`,
      error,
    );
  });
  await stat(path.join(dir, MODEL_FILE)).catch((error: unknown) => {
    throw invalid(
      `The package has no ${MODEL_FILE}.`,
      `Export the model to ONNX and put it beside ${MANIFEST}.`,
      error,
    );
  });
  return parseManifest(text);
}

export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(
      `${MANIFEST} is not JSON: ${(error as Error).message}`,
      "Write it again as one JSON object.",
      error,
    );
  }
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw invalid(
    `${MANIFEST}: ${issue.path.join(".") || "the document"}: ${issue.message}`,
    `Correct the field in ${MANIFEST} and package the model again.`,
    parsed.error,
  );
}

function invalid(message: string, hint: string, cause: unknown) {
  return new InferenceError("PACKAGE_INVALID", 422, message, hint, cause);
}
