import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import type { DeclaredModel } from "../model/model.ts";
import { checkBytes } from "../object/check.ts";
import type { Source, Timings } from "../prediction/prediction.ts";
import { freshRoute, routeOf, type Route, type RouteTarget } from "../traffic/route.ts";
import type { Runtime } from "../util/runtime.ts";
import { buildResult } from "./document.ts";
import { applyGate } from "./gate.ts";
import { storeInput } from "./input.ts";
import type { Invocation } from "./invocation.ts";
import { invokeEndpoint } from "./invoke.ts";
import type { Result } from "./result.ts";

interface Input {
  id: string;
  model: DeclaredModel;
  source: Source;
  bytes: Uint8Array;
  /** Milliseconds already spent on this prediction, by step. */
  spent: Timings;
  startedAt: number;
  deadline: number;
}

export interface Inferred {
  result: Result;
  embedding?: string;
  body: Uint8Array;
  variant: string;
  endpoint: string;
  /** The candidate version that failed before the live version responded. */
  fallbackFrom?: string;
  contentType: string;
  at: number;
}

const notServing = new Set(["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"]);

/** Turns bytes into a gated result, for the queue and for synchronous calls. */
export async function infer(input: Input, runtime: Runtime): Promise<Inferred> {
  const { model, id, source, bytes, deadline } = input;
  const before = runtime.now();
  const checked = checkBytes(bytes, source.key, model.accepts);
  const { contentType } = checked;
  const route = await routeOf(model, id, before);
  const sent = runtime.now();
  const request = { task: model.task, bytes, contentType, inferenceId: id, deadline };
  const { response, body, variant, endpoint, fallbackFrom } = await invokeRoute(
    route,
    request,
    runtime,
  ).catch(async (thrown: unknown) => {
    if (!notServing.has(toSluiceError(thrown).code)) throw thrown;
    const fresh = await freshRoute(model, id, runtime.now());
    if (fresh.endpoint === route.endpoint) throw thrown;
    return invokeRoute(fresh, request, runtime);
  });
  const at = runtime.now();
  const timings: Timings = {
    ...input.spent,
    checkMs: sent - before,
    invokeMs: at - sent,
    totalMs: at - input.startedAt,
    engine: response.timing,
  };
  const result = buildResult(response, {
    id,
    model,
    endpoint,
    source: { ...source, size: bytes.byteLength, contentType },
    gate: applyGate(response, model.gate),
    timings,
    characters: checked.characters,
    at: new Date(at).toISOString(),
  });
  const embedding = response.descriptors?.embedding;
  return { result, embedding, body, variant, endpoint, fallbackFrom, contentType, at };
}

type Request = Omit<Invocation, "endpoint" | "stored" | "probabilityList">;
type Invoked = Awaited<ReturnType<typeof invokeEndpoint>> & Pick<Inferred, "endpoint" | "fallbackFrom">;

/** When a candidate fails, the live endpoint responds instead and the failure is counted. */
async function invokeRoute(route: Route, request: Request, runtime: Runtime): Promise<Invoked> {
  const { fallback } = route;
  if (!fallback) return invokeTarget(route, request, runtime);
  try {
    const responded = await invokeTarget(route, request, runtime);
    await fallback.count(false);
    return responded;
  } catch (thrown) {
    const { kind, code, message } = toSluiceError(thrown);
    await fallback.count(kind === "system");
    if (kind === "user") throw thrown;
    log().warn("The candidate failed; the live version responds", {
      endpoint: route.endpoint,
      code,
      reason: message,
    });
    return { ...(await invokeTarget(fallback, request, runtime)), fallbackFrom: route.version };
  }
}

/** An error has the version in its details, so that the failure counts for that version. */
async function invokeTarget(
  { endpoint, target, version, probabilityList }: RouteTarget,
  request: Request,
  runtime: Runtime,
): Promise<Invoked> {
  try {
    const stored = target === "async" ? await storeInput(request) : undefined;
    return {
      ...(await invokeEndpoint({ ...request, endpoint, stored, probabilityList }, runtime)),
      endpoint,
    };
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (version) error.details["modelVersion"] = version;
    throw error;
  }
}
