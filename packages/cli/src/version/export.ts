// Exports the package of a version: as Sluice serves it, or in the layout of SageMaker's PyTorch container.
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import type { Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { downloadPackage } from "./download.ts";

export type Layout = "sluice" | "pytorch";

const LAYOUT_FILES = ["inference.py", "images.py", "texts.py", "boxes.py", "requirements.txt"];

export async function exportPackage(
  api: Client,
  found: ModelVersion,
  file: string,
  layout: Layout,
): Promise<{ file: string; layout: Layout }> {
  const { manifest } = found;
  if (layout === "pytorch" && manifest.algorithm)
    throw new Failure(
      "LAYOUT_UNFIT",
      `The PyTorch layout supports only ONNX models, not models of SageMaker's ${manifest.algorithm} algorithm.`,
      {
        exit: EXIT.usage,
        hint: "Export it with --layout sluice, or deploy it with `npx sluice provision MODEL`.",
      },
    );
  if (layout === "sluice") {
    await downloadPackage(api, found, file);
    return { file, layout };
  }
  const { folder, remove } = await createTempFolder("export");
  try {
    const dir = path.join(folder, "package");
    await downloadPackage(api, found, path.join(folder, "source.tar.gz"));
    const { pack, unpack } = await import("@sluice/inference/archive.ts");
    await unpack(path.join(folder, "source.tar.gz"), dir);
    await mkdir(path.join(dir, "code"), { recursive: true });
    for (const name of LAYOUT_FILES)
      await copyFile(path.join(import.meta.dirname, "layout", name), path.join(dir, "code", name));
    await pack(dir, file);
    return { file, layout };
  } finally {
    remove();
  }
}
