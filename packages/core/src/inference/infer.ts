import { routeAnew, routeOf, type Route } from "../traffic/route.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { checkBytes } from "../object/check.ts";
import type { Source, Timings } from "../prediction/prediction.ts";
import type { Result } from "./result.ts";
import type { Declared } from "../model/model.ts";
import { judge } from "./gate.ts";
import { invoke, type Invocation } from "./invoke.ts";
import { resultOf } from "./document.ts";
import type { Surroundings } from "./retry.ts";
import { keepInput } from "./input.ts";

interface Work {
  id: string;
  model: Declared;
  source: Source;
  bytes: Uint8Array;
  /** Milliseconds already spent on this prediction, by step. */
  spent: Timings;
  startedAt: number;
  deadline: number;
}

export interface Inferred {
  result: Result;
  body: Uint8Array;
  variant: string;
  endpoint: string;
  contentType: string;
  at: number;
}

const absent = new Set(["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"]);

/** Bytes in, a gated result out: the one path of the queue, of a synchronous call and of a workflow. */
export async function infer(work: Work, around: Surroundings): Promise<Inferred> {
  const { model, id, source, bytes, deadline } = work;
  const before = around.now();
  const checked = checkBytes(bytes, source.key, model.accepts);
  const { contentType } = checked;
  const route = await routeOf(model, id, before);
  const sent = around.now();
  const what = { task: model.task, bytes, contentType, inferenceId: id, deadline };
  const { answer, body, variant, endpoint } = await asked(route, what, around).catch(
    async (thrown: unknown) => {
      if (!absent.has(toSluiceError(thrown).code)) throw thrown;
      const anew = await routeAnew(model, id, around.now());
      if (anew.endpoint === route.endpoint) throw thrown;
      return asked(anew, what, around);
    },
  );
  const at = around.now();
  const timings: Timings = {
    ...work.spent,
    checkMs: sent - before,
    invokeMs: at - sent,
    totalMs: at - work.startedAt,
    engine: answer.timing,
  };
  const result = resultOf(answer, {
    id,
    model,
    endpoint,
    source: { ...source, size: bytes.byteLength, contentType },
    gate: judge(answer, model.gate),
    timings,
    characters: checked.characters,
    at: new Date(at).toISOString(),
  });
  return { result, body, variant, endpoint, contentType, at };
}

/** A candidate that fails costs nobody an answer: the live endpoint is asked in its place, and the failure counts. */
async function asked(route: Route, what: Wanted, around: Surroundings) {
  const { instead } = route;
  if (!instead) return ask(route, what, around);
  try {
    const answered = await ask(route, what, around);
    await instead.tell(false);
    return answered;
  } catch (thrown) {
    const { kind, code, message } = toSluiceError(thrown);
    await instead.tell(kind === "system");
    if (kind === "user") throw thrown;
    log().warn("A candidate failed; the live version answers", {
      endpoint: route.endpoint,
      code,
      reason: message,
    });
    return ask(instead, what, around);
  }
}

type Wanted = Omit<Invocation, "endpoint" | "stored" | "bare">;

async function ask(
  { endpoint, target, bare }: Pick<Route, "endpoint" | "target" | "bare">,
  what: Wanted,
  around: Surroundings,
) {
  const stored = target === "async" ? await keepInput(what) : undefined;
  return { ...(await invoke({ ...what, endpoint, stored, bare }, around)), endpoint };
}
