// SageMaker's hosting contract, route by route.
import type { IncomingMessage } from "node:http";
import { InferenceError } from "@sluice/inference/error.ts";
import type { Manifest } from "@sluice/inference/package.ts";
import { readBody } from "./body.ts";
import type { ModelStore } from "./models.ts";
import { answerType, bodyKind, readJson } from "./negotiate.ts";
import { readObject } from "./object.ts";
import type { Settings } from "./settings.ts";

export interface Reply {
  status: number;
  type?: string;
  body?: string;
  /** What the log says besides the status. */
  note?: Record<string, unknown>;
}

const json = (status: number, value: unknown): Reply => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

export function router(settings: Settings, models: ModelStore) {
  return async function route(request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    // SageMaker sends neither header; the browser of whoever runs this on a laptop sends one for every page.
    if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined)
      throw new InferenceError(
        "BROWSER_REFUSED",
        403,
        "A web page may not use this server.",
        "Send requests to the endpoint through SageMaker Runtime.",
      );
    const [path = "/"] = (request.url ?? "/").split("?");
    const key = `${request.method} ${path}`;
    if (key === "GET /ping") {
      const healthy = settings.multiModel || models.healthy("");
      return { status: healthy ? 200 : 503 };
    }
    if (key === "POST /invocations") return invoke(request, "", signal);
    if (key === "GET /execution-parameters")
      return json(200, {
        MaxConcurrentTransforms: settings.threads,
        BatchStrategy: "SINGLE_RECORD",
        MaxPayloadInMB: Math.floor(settings.maxBodyBytes / 1024 / 1024),
      });
    if (settings.multiModel && (path === "/models" || path.startsWith("/models/")))
      return modelRoute(request, path.slice("/models/".length), signal);
    throw new InferenceError(
      "NOT_FOUND",
      404,
      `There is no ${key.slice(0, 200)}.`,
      "The routes are GET /ping, POST /invocations and GET /execution-parameters.",
    );
  };

  async function invoke(request: IncomingMessage, name: string, signal: AbortSignal): Promise<Reply> {
    // Refusals that need no body come first: nothing large is read in vain.
    const { engine } = models.get(name);
    const kind = bodyKind(request.headers["content-type"], engine.manifest);
    const type = answerType(request.headers.accept);
    const bytes = await readBody(request, settings.maxBodyBytes, signal);
    const input = kind === "json" && bytes.length > 0 ? await inputOf(bytes, engine.manifest, signal) : bytes;
    const said = await engine.predict(input, signal);
    const answer = { ...said, version: settings.version ?? said.version };
    const body = JSON.stringify(answer);
    return {
      status: 200,
      type,
      body: type === "application/jsonlines" ? `${body}\n` : body,
      note: { model: answer.model, version: answer.version, bytes: input.length, timing: answer.timing },
    };
  }

  async function inputOf(body: Buffer, manifest: Manifest, signal: AbortSignal) {
    const asked = readJson(body, manifest);
    return "text" in asked ? asked.text : readObject(asked.s3Uri, settings.maxObjectBytes, signal);
  }

  async function modelRoute(request: IncomingMessage, rest: string, signal: AbortSignal): Promise<Reply> {
    const [encoded = "", action] = rest.split("/");
    const name = decodeName(encoded);
    if (request.method === "POST" && name === "") return loadModel(request, signal);
    if (request.method === "GET" && name === "")
      return json(200, {
        models: models.list().map(({ name, url }) => ({ modelName: name, modelUrl: url })),
      });
    if (request.method === "POST" && action === "invoke") return invoke(request, name, signal);
    if (request.method === "GET" && action === undefined) {
      const { url } = models.get(name);
      return json(200, { modelName: name, modelUrl: url });
    }
    if (request.method === "DELETE" && action === undefined) {
      await models.unload(name);
      return { status: 200 };
    }
    throw new InferenceError(
      "NOT_FOUND",
      404,
      "There is no such model route.",
      "See SageMaker's multi-model contract.",
    );
  }

  async function loadModel(request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const text = (await readBody(request, 64 * 1024, signal)).toString();
    let wanted: { model_name?: unknown; url?: unknown };
    try {
      wanted = JSON.parse(text) as typeof wanted;
    } catch {
      wanted = {};
    }
    const { model_name: name, url } = wanted ?? {};
    if (typeof name !== "string" || name === "" || typeof url !== "string" || url === "")
      throw new InferenceError(
        "REQUEST_INVALID",
        400,
        "A model is loaded by a JSON body with model_name and url.",
        'Send {"model_name": "...", "url": "/folder/of/the/model"}.',
      );
    await models.load(name, url);
    return json(200, { modelName: name, modelUrl: url });
  }
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new InferenceError(
      "REQUEST_INVALID",
      400,
      "The model's name is not well encoded.",
      "Percent-encode it as UTF-8.",
    );
  }
}
