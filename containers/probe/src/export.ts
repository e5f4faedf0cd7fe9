// Writes the backbone and the trained head as one ONNX model in a package.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import { EMBEDDING_OUTPUT, MANIFEST, MODEL_FILE, type ManifestInput } from "@sluice/inference/package.ts";
import type { Head } from "./head/head.ts";
import { IMAGE_SIZE, backbone } from "./image/backbone.ts";
import { input as imageInput } from "./image/features.ts";
import { input as textInput } from "./text/features.ts";

export type Task = "image-classification" | "text-classification";

export interface PackageContent {
  model: string;
  task: Task;
  classes: string[];
  head: Head;
  training: Record<string, unknown>;
  metrics: Record<string, unknown>;
  datasetDigest?: string | undefined;
}

export async function writePackage(
  dir: string,
  { model, task, classes, head, training, metrics, datasetDigest }: PackageContent,
): Promise<string> {
  const bytes = buildModel(task, head);
  // A hash of the content: equal training results in an equal version.
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const manifest: ManifestInput = {
    format: 1,
    model,
    version,
    task,
    classes,
    input: task === "image-classification" ? imageInput : textInput,
    output: { head: "softmax" },
    maxBatch: 8,
    training,
    metrics,
    ...(datasetDigest && { datasetDigest }),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, MODEL_FILE), bytes);
  await writeFile(path.join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return version;
}

function buildModel(task: Task, head: Head): Uint8Array {
  const graph = graphBuilder("probe");
  const features =
    task === "image-classification"
      ? backbone(graph, graph.input("pixels", ["N", 3, IMAGE_SIZE, IMAGE_SIZE]))
      : graph.input("features", ["N", head.columns]);
  const weights = graph.weights("head", head.weights, [head.classes, head.columns]);
  const bias = graph.weights("head_bias", head.bias, [head.classes]);
  const scores = graph.node("Gemm", [features, weights, bias], { transB: 1 });
  const probabilities = graph.node("Softmax", [scores], { axis: 1 });
  // The features of a text are the input itself.
  const embedding = { value: features, name: EMBEDDING_OUTPUT, shape: ["N", head.columns] };
  const others = task === "image-classification" ? [embedding] : [];
  return graph.finish(probabilities, "probabilities", ["N", head.classes], others);
}
