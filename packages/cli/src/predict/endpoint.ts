// A prediction by the model's endpoint, through the API.
import { Result } from "@sluice/core/inference/result.ts";
import { authorization, failureOf, reach } from "../client.ts";
import type { Failure } from "../failure.ts";
import type { Target } from "../target.ts";

/** No endpoint to ask. Anything else (forbidden, throttled, a bad picture) would only be hidden by another path. */
const ABSENT = ["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"];

export const isAbsent = ({ code }: Failure) => ABSENT.includes(code);

export async function byEndpoint(target: Target, model: string, bytes: Uint8Array): Promise<Result> {
  const answer = await reach(`${target.api}/predict/${encodeURIComponent(model)}`, {
    method: "POST",
    headers: { ...authorization(target), "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw await failureOf(answer);
  return Result.parse(await answer.json());
}
