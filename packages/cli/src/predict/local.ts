// A prediction on this machine: the version that is live, fetched once, loaded once, asked as often as needed. The
// engine, the checks and the gate are those of the endpoint, and so is the answer.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { resultOf } from "@sluice/core/inference/document.ts";
import { judge } from "@sluice/core/inference/gate.ts";
import { checkBytes } from "@sluice/core/object/check.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { body, type Client, reach } from "../client.ts";
import { EXIT, Failure } from "../failure.ts";
import { onInterrupt } from "../interrupt.ts";
import { root } from "../target.ts";

export const NO_VERSION = "VERSION_UNKNOWN";

/** What stands where an endpoint's name would. */
const HERE = "this machine";

export interface LocalModel {
  version: string;
  predict(name: string, bytes: Uint8Array): Promise<Result>;
  close(): Promise<void>;
}

export async function localModel(api: Client, dir: string, model: string): Promise<LocalModel> {
  const declared = await body(api.models[":model"].$get({ param: { model } }));
  const { version, digest, about } = await chosen(api, model);
  if (about.algorithm)
    throw new Failure("LAYOUT_UNFIT", `Version ${version} of ${model} runs in SageMaker's own image alone.`, {
      exit: EXIT.usage,
      hint: `Ask its endpoint: sluice provision ${model}, then sluice predict ${model} FILE --by endpoint`,
    });
  const folder = path.resolve(root, dir, "models", model, digest);
  if (!existsSync(folder)) {
    const { url } = await body(
      api.versions[":model"][":version"].package.$get({ param: { model, version } }),
    );
    await fetchPackage(url, folder);
  }
  // Loaded here, not at the top: ONNX Runtime is heavy, and most commands never need it.
  const { load } = await import("@sluice/inference/engine/engine.ts");
  const engine = await load(folder);
  const accepted = { ...declared.accepts };
  return {
    version,
    close: () => engine.close(),
    async predict(name, bytes) {
      const started = performance.now();
      const { contentType, characters } = checkBytes(bytes, name, accepted);
      // Known by its content's digest, as to an endpoint.
      const answer = { ...(await engine.predict(bytes)), version };
      const totalMs = Math.round(performance.now() - started);
      return resultOf(answer, {
        id: "",
        model: declared,
        endpoint: HERE,
        source: { bucket: "", key: name, size: bytes.byteLength, contentType },
        gate: judge(answer, declared.gate),
        timings: { totalMs, engine: answer.timing },
        characters,
        at: new Date().toISOString(),
      });
    },
  };
}

/** What an endpoint would answer with: the live version, or before there is one, the newest that may become it. */
async function chosen(api: Client, model: string): Promise<ModelVersion> {
  const { version } = await body(api.traffic[":model"].$get({ param: { model } }));
  if (version) return body(api.versions[":model"][":version"].$get({ param: { model, version } }));
  const { items } = await body(api.versions.$get({ query: { model, status: "accepted", limit: "1" } }));
  if (items[0]) return items[0];
  throw new Failure(NO_VERSION, `${model} has no accepted version to ask.`, {
    exit: EXIT.missing,
    hint: `Train one with \`sluice train ${model}\`, or bring one: sluice provision ${model} --model FILE`,
  });
}

/** Under its own name only when whole, so that a fetch broken off is begun anew. */
async function fetchPackage(url: string, folder: string) {
  const { unpack } = await import("@sluice/inference/archive.ts");
  const part = `${folder}.part`;
  const archive = `${folder}.tar.gz`;
  const over = onInterrupt(undefined, archive, part);
  await rm(part, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    const answer = await reach(url);
    if (!answer.ok || !answer.body)
      throw new Failure("PACKAGE_UNREACHABLE", `The model's package answers ${answer.status}.`, {
        hint: "Run the command again; `sluice doctor` looks further.",
      });
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(archive));
    await unpack(archive, part);
    await rename(part, folder);
  } finally {
    await rm(archive, { force: true });
    over();
  }
}
