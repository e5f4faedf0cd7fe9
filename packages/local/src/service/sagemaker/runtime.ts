// InvokeEndpoint: picks a variant, holds the limits, and says what went wrong in the container's own words.
import type { InvokeEndpointInput } from "@aws-sdk/client-sagemaker-runtime";
import { AwsError } from "../../kernel/error.ts";
import type { Kernel, Operation } from "../../kernel/service.ts";
import type { Answer } from "./container.ts";
import type { Fleet } from "./fleet.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { INVOCATION_TIMEOUT_MS, REALTIME_PAYLOAD_BYTES, SERVERLESS_PAYLOAD_BYTES } from "./limits.ts";
import type { Documents } from "./records.ts";
import { type Endpoint, refuseMembers } from "./shape.ts";

const HANDLED = [
  "EndpointName",
  "Body",
  "ContentType",
  "Accept",
  "CustomAttributes",
  "TargetVariant",
  "InferenceId",
];

export function runtimeOperations(
  kernel: Kernel,
  documents: Documents,
  lifecycle: Lifecycle,
): Record<string, Operation> {
  const refuse = (message: string) => new AwsError("ValidationError", message);

  function choose(endpoint: Endpoint, fleets: Fleet[], target: string | undefined): Fleet {
    if (target) {
      const named = fleets.find((fleet) => fleet.variant.VariantName === target);
      if (!named) throw refuse(`Variant ${target} does not exist for endpoint ${endpoint.name}.`);
      return named;
    }
    const weight = (fleet: Fleet) =>
      endpoint.weights[fleet.variant.VariantName!] ?? fleet.variant.InitialVariantWeight ?? 1;
    const total = fleets.reduce((sum, fleet) => sum + weight(fleet), 0);
    let left = kernel.random() * total;
    return fleets.find((fleet) => (left -= weight(fleet)) < 0) ?? fleets[0]!;
  }

  return {
    async InvokeEndpoint(input: InvokeEndpointInput) {
      refuseMembers("InvokeEndpoint", input, HANDLED);
      const endpoint = documents.get<Endpoint>("endpoint", input.EndpointName ?? "");
      const fleets = endpoint && lifecycle.fleets(endpoint.name);
      if (!endpoint || !fleets)
        throw refuse(`Endpoint ${input.EndpointName} of account ${kernel.place.account} not found.`);
      const fleet = choose(endpoint, fleets, input.TargetVariant);
      const body = (input.Body ?? new Uint8Array()) as Uint8Array;
      const serverless = fleet.variant.ServerlessConfig;
      const limit = serverless ? SERVERLESS_PAYLOAD_BYTES : REALTIME_PAYLOAD_BYTES;
      if (body.length > limit)
        throw refuse(`The request payload has ${body.length} bytes; this endpoint takes at most ${limit}.`);
      if (serverless && fleet.inFlight() >= serverless.MaxConcurrency!)
        throw new AwsError(
          "ThrottlingException",
          `Rate exceeded: endpoint ${endpoint.name} already serves ${serverless.MaxConcurrency} requests.`,
          { status: 429 },
        );

      const answer = await fleet.invoke(body, containerHeaders(input)).catch((error: Error): Answer => {
        const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
        const message = timedOut
          ? `Your invocation timed out while waiting for a response from container primary after ${INVOCATION_TIMEOUT_MS / 1000} seconds.`
          : error.message;
        return { status: 0, headers: {}, body: Buffer.from(message) };
      });
      if (answer.status < 200 || answer.status > 299) throw modelError(endpoint, answer);
      if (serverless && answer.body.length > SERVERLESS_PAYLOAD_BYTES)
        throw refuse(
          `The response payload has ${answer.body.length} bytes; this endpoint returns at most ${limit}.`,
        );
      return {
        Body: answer.body,
        ContentType: answer.headers["content-type"],
        InvokedProductionVariant: fleet.variant.VariantName,
        CustomAttributes: answer.headers["x-amzn-sagemaker-custom-attributes"],
      };
    },
  };

  function modelError(endpoint: Endpoint, { status, body }: Answer) {
    const text = body.toString("utf8");
    const side = status >= 400 && status < 500 ? "client" : "server";
    const group = `/aws/sagemaker/Endpoints/${endpoint.name}`;
    return new AwsError(
      "ModelError",
      `Received ${side} error (${status}) from primary with message "${text}". See ${group} in account ${kernel.place.account} for more information.`,
      {
        status: 424,
        fields: {
          OriginalStatusCode: status,
          OriginalMessage: text,
          LogStreamArn: `arn:aws:logs:${kernel.place.region}:${kernel.place.account}:log-group:${group}`,
        },
      },
    );
  }
}

function containerHeaders(input: InvokeEndpointInput): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    "content-type": input.ContentType ?? "application/octet-stream",
    accept: input.Accept,
    "x-amzn-sagemaker-custom-attributes": input.CustomAttributes,
    "x-amzn-sagemaker-inference-id": input.InferenceId,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
