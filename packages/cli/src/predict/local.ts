// A prediction on this machine: the model's newest version, fetched once, loaded once, asked as often as needed. The
// engine, the checks and the gate are those of the endpoint, and so is the answer.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { resultOf } from "@sluice/core/inference/document.ts";
import { judge } from "@sluice/core/inference/gate.ts";
import { checkBytes } from "@sluice/core/object/check.ts";
import type { Result } from "@sluice/core/prediction/result.ts";
import { body, type Client, reach } from "../client.ts";
import { Failure } from "../failure.ts";
import { root } from "../target.ts";

/** What stands where an endpoint's name would. */
export const HERE = "this machine";

export interface LocalModel {
  version: string;
  predict(name: string, bytes: Uint8Array): Promise<Result>;
  close(): Promise<void>;
}

export async function localModel(api: Client, dir: string, model: string): Promise<LocalModel> {
  const declared = await body(api.models[":model"].$get({ param: { model } }));
  const param = { model, version: "latest" };
  const { version, digest } = await body(api.versions[":model"][":version"].$get({ param }));
  const folder = path.resolve(root, dir, "models", model, digest);
  if (!existsSync(folder)) {
    const { url } = await body(
      api.versions[":model"][":version"].package.$get({ param: { model, version } }),
    );
    await fetchPackage(url, folder);
  }
  // Loaded here, not at the top: ONNX Runtime is heavy, and most commands never need it.
  const { load } = await import("@sluice/inference/engine.ts");
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

/** Under its own name only when whole, so that a fetch broken off is begun anew. */
async function fetchPackage(url: string, folder: string) {
  const { unpack } = await import("@sluice/inference/archive.ts");
  const part = `${folder}.part`;
  const archive = `${folder}.tar.gz`;
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
  }
}
