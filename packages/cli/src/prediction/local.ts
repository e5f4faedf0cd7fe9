// Predicts on this machine with the live version. Engine, checks and threshold are the same as on an endpoint.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { resultOf } from "@sluice/core/inference/document.ts";
import { applyGate } from "@sluice/core/inference/gate.ts";
import { checkBytes } from "@sluice/core/object/check.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { readBody, type Client, fetchApi } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { root } from "../target/target.ts";

export const NO_VERSION = "VERSION_UNKNOWN";

/** In results, instead of the name of an endpoint. */
const THIS_MACHINE = "this machine";

export interface LocalModel {
  version: string;
  predict(name: string, bytes: Uint8Array): Promise<Result>;
  close(): Promise<void>;
}

export async function loadLocalModel(api: Client, dir: string, model: string): Promise<LocalModel> {
  const declared = await readBody(api.models[":model"].$get({ param: { model } }));
  const { version, digest, about } = await findVersion(api, model);
  if (about.algorithm)
    throw new Failure("LAYOUT_UNFIT", `Version ${version} of ${model} runs only in a SageMaker image.`, {
      exit: EXIT.usage,
      hint: `Use its endpoint: npx sluice provision ${model}, then npx sluice predict ${model} FILE --by endpoint`,
    });
  const folder = path.resolve(root, dir, "models", model, digest);
  if (!existsSync(folder)) {
    const { url } = await readBody(
      api.versions[":model"][":version"].package.$get({ param: { model, version } }),
    );
    await downloadPackage(url, folder);
  }
  // Imported here because ONNX Runtime is large, and most commands do not need it.
  const { load } = await import("@sluice/inference/engine/engine.ts");
  const engine = await load(folder);
  const accepted = { ...declared.accepts };
  return {
    version,
    close: () => engine.close(),
    async predict(name, bytes) {
      const started = performance.now();
      const { contentType, characters } = checkBytes(bytes, name, accepted);
      // The version is the digest, as on an endpoint.
      const answer = { ...(await engine.predict(bytes)), version };
      const totalMs = Math.round(performance.now() - started);
      return resultOf(answer, {
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
    hint: `Train one with \`npx sluice train ${model}\`, or import one: npx sluice provision ${model} --model FILE`,
  });
}

/** The file gets its name only when it is complete, so that an interrupted download starts again. */
async function downloadPackage(url: string, folder: string) {
  const { unpack } = await import("@sluice/inference/archive.ts");
  const part = `${folder}.part`;
  const archive = `${folder}.tar.gz`;
  const release = onInterrupt(undefined, archive, part);
  await rm(part, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    const response = await fetchApi(url);
    if (!response.ok || !response.body)
      throw new Failure(
        "PACKAGE_UNREACHABLE",
        `The download of the package failed with HTTP ${response.status}.`,
        {
          hint: "Run the command again. To find the cause, run `npx sluice doctor`.",
        },
      );
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(archive));
    await unpack(archive, part);
    await rename(part, folder);
  } finally {
    await rm(archive, { force: true });
    release();
  }
}
