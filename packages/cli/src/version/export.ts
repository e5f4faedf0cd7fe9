// Exports the package of a version: as Sluice serves it, or in the layout of SageMaker's PyTorch container.
import { createWriteStream } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { readBody, type Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";

export type Layout = "sluice" | "pytorch";

const LAYOUT_FILES = ["inference.py", "images.py", "texts.py", "boxes.py", "requirements.txt"];

export async function exportPackage(
  api: Client,
  { model, version, about }: ModelVersion,
  file: string,
  layout: Layout,
): Promise<{ file: string; layout: Layout }> {
  if (layout === "pytorch" && about.algorithm)
    throw new Failure(
      "LAYOUT_UNFIT",
      `The PyTorch layout supports only ONNX models, not models of SageMaker's ${about.algorithm} algorithm.`,
      {
        exit: EXIT.usage,
        hint: "Export it with --layout sluice, or deploy it with `sluice provision`.",
      },
    );
  const { url } = await readBody(
    api.versions[":model"][":version"].package.$get({ param: { model, version } }),
  );
  if (layout === "sluice") {
    await downloadTo(url, file);
    return { file, layout };
  }
  const { folder, remove } = await createTempFolder("export");
  try {
    const dir = path.join(folder, "package");
    await downloadTo(url, path.join(folder, "source.tar.gz"));
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

async function downloadTo(url: string, file: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || !response.body)
    throw new Failure(
      "PACKAGE_UNREACHABLE",
      `The download of the package failed with HTTP ${response.status}.`,
      {
        exit: EXIT.unreachable,
        hint: "Run the command again. To find the cause, run `sluice doctor`.",
      },
    );
  await pipeline(
    Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
    createWriteStream(file),
  );
}
