// The routes of SageMaker's hosting contract.
import type { IncomingMessage } from "node:http";
import { InferenceError } from "@sluice/inference/error.ts";
import type { Manifest } from "@sluice/inference/package.ts";
import { readBody } from "./body.ts";
import type { ModelStore } from "./models.ts";
import { bodyKind, parseJsonBody, responseType } from "./negotiate.ts";
import { readObject } from "./object.ts";
import type { Settings } from "./settings.ts";

export interface HttpResponse {
  status: number;
  type?: string;
  body?: string;
  /** For the log. */
  logFields?: Record<string, unknown>;
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

export function router(settings: Settings, models: ModelStore) {
  return async function route(request: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    // Browsers send one of these headers, SageMaker sends neither: web pages must not reach a server on a laptop.
    if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined)
      throw new InferenceError(
        "BROWSER_REFUSED",
        403,
        "Web pages must not use this server.",
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
      `The route ${key.slice(0, 200)} does not exist.`,
      "The routes are GET /ping, POST /invocations and GET /execution-parameters.",
    );
  };

  async function invoke(request: IncomingMessage, name: string, signal: AbortSignal): Promise<HttpResponse> {
    // Checks that need no body come first.
    const { engine } = models.get(name);
    const kind = bodyKind(request.headers["content-type"], engine.manifest);
    const type = responseType(request.headers.accept);
    const bytes = await readBody(request, settings.maxBodyBytes, signal);
    const input =
      kind === "json" && bytes.length > 0 ? await resolveInput(bytes, engine.manifest, signal) : bytes;
    const result = await engine.predict(input, signal);
    const version = settings.version ?? result.version;
    const body = JSON.stringify({ ...result, version });
    return {
      status: 200,
      type,
      body: type === "application/jsonlines" ? `${body}\n` : body,
      logFields: { model: result.model, version, bytes: input.length, timing: result.timing },
    };
  }

  async function resolveInput(body: Buffer, manifest: Manifest, signal: AbortSignal) {
    const json = parseJsonBody(body, manifest);
    return "text" in json ? json.text : readObject(json.s3Uri, settings.maxObjectBytes, signal);
  }

  async function modelRoute(
    request: IncomingMessage,
    rest: string,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
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
      "This model route does not exist.",
      "See SageMaker's multi-model contract.",
    );
  }

  async function loadModel(request: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    const text = (await readBody(request, 64 * 1024, signal)).toString();
    let fields: { model_name?: unknown; url?: unknown };
    try {
      fields = JSON.parse(text) as typeof fields;
    } catch {
      fields = {};
    }
    const { model_name: name, url } = fields ?? {};
    if (typeof name !== "string" || name === "" || typeof url !== "string" || url === "")
      throw new InferenceError(
        "REQUEST_INVALID",
        400,
        "The JSON body has no model_name or no url.",
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
      "The model name is not valid percent-encoding.",
      "Percent-encode it as UTF-8.",
    );
  }
}
