// Predicts on this machine with the live version. Engine, checks and threshold are the same as on an endpoint.
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { buildResult } from "@sluice/core/inference/document.ts";
import { applyGate } from "@sluice/core/inference/gate.ts";
import { checkBytes } from "@sluice/core/object/check.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { readBody, type Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { root } from "../target/target.ts";
import { downloadPackage } from "../version/download.ts";

export const NO_VERSION = "VERSION_UNKNOWN";

/** In results, instead of the name of an endpoint. */
const THIS_MACHINE = "this machine";

export type LocalModel = Awaited<ReturnType<typeof loadLocalModel>>;

export async function loadLocalModel(api: Client, dir: string, model: string) {
  const declared = await readBody(api.models[":model"].$get({ param: { model } }));
  const { version, digest, manifest } = await findVersion(api, model);
  if (manifest.algorithm)
    throw new Failure("LAYOUT_UNFIT", `Version ${version} of ${model} runs only in a SageMaker image.`, {
      exit: EXIT.usage,
      hint: `Use its endpoint: npx sluice provision ${model}, then npx sluice predict ${model} FILE --by endpoint`,
    });
  const folder = path.resolve(root, dir, "models", model, digest);
  if (!existsSync(folder)) await installPackage(api, { model, version }, folder);
  // Imported here because ONNX Runtime is large, and most commands do not need it.
  const { loadEngine } = await import("@sluice/inference/engine/engine.ts");
  const engine = await loadEngine(folder);
  const accepted = { ...declared.accepts };
  return {
    version,
    close: () => engine.close(),
    async predict(name: string, bytes: Uint8Array): Promise<Result> {
      const started = performance.now();
      const { contentType, characters } = checkBytes(bytes, name, accepted);
      // The version is the digest, as on an endpoint.
      const answer = { ...(await engine.predict(bytes)), version };
      const totalMs = Math.round(performance.now() - started);
      return buildResult(answer, {
        id: "",
        model: declared,
        endpoint: THIS_MACHINE,
        source: { bucket: "", key: name, size: bytes.byteLength, contentType },
        gate: applyGate(answer, declared.gate),
        timings: { totalMs, engine: answer.timing },
        characters,
        at: new Date().toISOString(),
      });
    },
  };
}

/** The live version, or the newest accepted one if none is live. */
async function findVersion(api: Client, model: string): Promise<ModelVersion> {
  const { version } = await readBody(api.traffic[":model"].$get({ param: { model } }));
  if (version) return readBody(api.versions[":model"][":version"].$get({ param: { model, version } }));
  const { items } = await readBody(api.versions.$get({ query: { model, status: "accepted", limit: "1" } }));
  if (items[0]) return items[0];
  throw new Failure(NO_VERSION, `${model} has no accepted version.`, {
    exit: EXIT.missing,
    hint: `Train one with \`npx sluice train ${model}\`, or import one: npx sluice provision ${model} --package FILE`,
  });
}

/** The file gets its name only when it is complete, so that an interrupted download starts again. */
async function installPackage(api: Client, of: Pick<ModelVersion, "model" | "version">, folder: string) {
  const { unpack } = await import("@sluice/inference/archive.ts");
  const part = `${folder}.part`;
  const archive = `${folder}.tar.gz`;
  const release = onInterrupt(undefined, archive, part);
  await rm(part, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    await downloadPackage(api, of, archive);
    await unpack(archive, part);
    await rename(part, folder);
  } finally {
    await rm(archive, { force: true });
    release();
  }
}
