// The responses of the serving container, by task.
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import { EngineTimings, Size, type Task } from "../prediction/prediction.ts";
import { Box } from "./result.ts";

const share = z.number().min(0).max(1);
const common = {
  model: z.string(),
  version: z.string(),
  timing: EngineTimings,
  /** The other descriptors are read from the capture. A model of another engine has none. */
  descriptors: z
    .object({ embedding: z.string().max(88).optional() })
    .optional()
    .catch(undefined),
};

const Classification = z.object({
  ...common,
  task: z.enum(["image-classification", "text-classification"]),
  predictions: z.array(z.object({ class: z.string(), probability: share })).min(1),
  image: Size.optional(),
});
const Detection = z.object({
  ...common,
  task: z.literal("object-detection"),
  detections: z.array(z.object({ class: z.string(), confidence: share, box: Box })),
  image: Size,
});
export const ModelResponse = z.discriminatedUnion("task", [Classification, Detection]);
export type ModelResponse = z.output<typeof ModelResponse>;

export function parseResponse(body: Uint8Array, task: Task, endpoint: string): ModelResponse {
  const parsed = ModelResponse.safeParse(parseJson(body, endpoint));
  if (!parsed.success) throw invalidInput(parsed.error, "RESPONSE_INVALID");
  if (parsed.data.task !== task) {
    throw new SluiceError(
      "RESPONSE_INVALID",
      `Endpoint ${endpoint} serves ${parsed.data.task}; the model is declared ${task}.`,
    );
  }
  return parsed.data;
}

export function parseJson(body: Uint8Array, endpoint: string): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (error) {
    throw new SluiceError("RESPONSE_INVALID", `Endpoint ${endpoint} returned a response that is not JSON.`, {
      cause: error,
    });
  }
}
