// What the serving container must answer, by task.
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import { Box } from "./result.ts";
import { EngineTimings, Size, type Task } from "../prediction/prediction.ts";

const share = z.number().min(0).max(1);
const common = {
  model: z.string(),
  version: z.string(),
  timing: EngineTimings,
};
const Ranked = z.array(z.object({ class: z.string(), probability: share })).min(1);

export const Classification = z.object({
  ...common,
  task: z.enum(["image-classification", "text-classification"]),
  predictions: Ranked,
  image: Size.optional(),
});
export const Detection = z.object({
  ...common,
  task: z.literal("object-detection"),
  detections: z.array(z.object({ class: z.string(), confidence: share, box: Box })),
  image: Size,
});
export const Answer = z.discriminatedUnion("task", [Classification, Detection]);
export type Answer = z.output<typeof Answer>;

export function parseAnswer(body: Uint8Array, task: Task, endpoint: string): Answer {
  const parsed = Answer.safeParse(jsonOf(body, endpoint));
  if (!parsed.success) throw invalidInput(parsed.error, "ANSWER_INVALID");
  if (parsed.data.task !== task) {
    throw new SluiceError(
      "ANSWER_INVALID",
      `Endpoint ${endpoint} serves ${parsed.data.task}; the model is declared ${task}.`,
    );
  }
  return parsed.data;
}

export function jsonOf(body: Uint8Array, endpoint: string): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (error) {
    throw new SluiceError("ANSWER_INVALID", `Endpoint ${endpoint} answered something that is not JSON.`, {
      cause: error,
    });
  }
}
