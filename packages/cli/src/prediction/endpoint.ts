import { Result } from "@sluice/core/inference/result.ts";
import { authorization, fetchApi, readProblem } from "../target/client.ts";
import type { Target } from "../target/target.ts";
import type { Failure } from "../terminal/failure.ts";

const ENDPOINT_MISSING = ["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"];

/** Only these errors allow a local prediction instead: it would hide any other error. */
export const isEndpointMissing = ({ code }: Failure) => ENDPOINT_MISSING.includes(code);

/** Predicts with the model's endpoint, through the API. */
export async function predictWithEndpoint(target: Target, model: string, bytes: Uint8Array): Promise<Result> {
  const response = await fetchApi(`${target.api}/predict/${encodeURIComponent(model)}`, {
    method: "POST",
    headers: { ...authorization(target), "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
  if (!response.ok) throw await readProblem(response);
  return Result.parse(await response.json());
}
