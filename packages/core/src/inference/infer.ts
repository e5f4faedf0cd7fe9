import { checkBytes } from "../object/check.ts";
import type { Source, Timings } from "../prediction/prediction.ts";
import type { Result } from "../prediction/result.ts";
import type { Declared } from "../model/model.ts";
import { judge } from "./gate.ts";
import { invoke } from "./invoke.ts";
import { resultOf } from "./document.ts";
import type { Surroundings } from "./retry.ts";

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
  contentType: string;
  at: number;
}

/** Bytes in, a gated result out: the one path of the queue, of a synchronous call and of a workflow. */
export async function infer(work: Work, around: Surroundings): Promise<Inferred> {
  const { model } = work;
  const before = around.now();
  const checked = checkBytes(work.bytes, work.source.key, model.accepts);
  const sent = around.now();
  const { answer, body, variant } = await invoke(
    {
      endpoint: model.endpoint,
      task: model.task,
      bytes: work.bytes,
      contentType: checked.contentType,
      inferenceId: work.id,
      deadline: work.deadline,
    },
    around,
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
    id: work.id,
    model,
    endpoint: model.endpoint,
    source: { ...work.source, size: work.bytes.byteLength, contentType: checked.contentType },
    gate: judge(answer, model.gate),
    timings,
    characters: checked.characters,
    at: new Date(at).toISOString(),
  });
  return { result, body, variant, contentType: checked.contentType, at };
}
