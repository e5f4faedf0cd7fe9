// A version's package as a file: as it is served here, or laid out for SageMaker's stock PyTorch container.
import { createWriteStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { body, type Client } from "../client.ts";
import { EXIT, Failure } from "../failure.ts";

export type Layout = "sluice" | "pytorch";

const LAYOUT_FILES = ["inference.py", "requirements.txt"];

export async function exportPackage(
  api: Client,
  { model, version, about }: ModelVersion,
  file: string,
  layout: Layout,
): Promise<{ file: string; layout: Layout }> {
  const what = about.algorithm ? `what SageMaker's own ${about.algorithm} trained` : about.task;
  if (layout === "pytorch" && (about.algorithm || about.task !== "image-classification"))
    throw new Failure("LAYOUT_UNFIT", `The PyTorch layout serves image classifiers in ONNX, not ${what}.`, {
      exit: EXIT.usage,
      hint: "Serve it as it is: sluice provision does so.",
    });
  const { url } = await body(api.versions[":model"][":version"].package.$get({ param: { model, version } }));
  if (layout === "sluice") {
    await fetchTo(url, file);
    return { file, layout };
  }
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-export-"));
  try {
    const dir = path.join(folder, "package");
    await fetchTo(url, path.join(folder, "given.tar.gz"));
    const { pack, unpack } = await import("@sluice/inference/archive.ts");
    await unpack(path.join(folder, "given.tar.gz"), dir);
    await mkdir(path.join(dir, "code"), { recursive: true });
    for (const name of LAYOUT_FILES)
      await copyFile(path.join(import.meta.dirname, "layout", name), path.join(dir, "code", name));
    await pack(dir, file);
    return { file, layout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchTo(url: string, file: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok || !answer.body)
    throw new Failure("PACKAGE_UNREACHABLE", `The package could not be fetched: HTTP ${answer.status}.`, {
      exit: EXIT.unreachable,
    });
  await pipeline(
    Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]),
    createWriteStream(file),
  );
}
