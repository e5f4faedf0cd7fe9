// InvokeEndpoint.
import type { InvokeEndpointInput } from "@aws-sdk/client-sagemaker-runtime";
import { AwsError } from "../../kernel/error.ts";
import type { Operation } from "../../kernel/service.ts";
import { type Invocations, validationError } from "./invocation.ts";
import { INVOCATION_TIMEOUT_MS, REALTIME_PAYLOAD_BYTES, SERVERLESS_PAYLOAD_BYTES } from "./limits.ts";
import { refuseMembers } from "./shape.ts";

const HANDLED = [
  "EndpointName",
  "Body",
  "ContentType",
  "Accept",
  "CustomAttributes",
  "TargetVariant",
  "InferenceId",
];

export function runtimeOperations(invocations: Invocations): Record<string, Operation> {
  return {
    async InvokeEndpoint(input: InvokeEndpointInput) {
      refuseMembers("InvokeEndpoint", input, HANDLED);
      const found = invocations.find(input.EndpointName);
      const { endpoint } = found;
      if (found.config?.async)
        throw validationError(`Endpoint ${endpoint.name} is asynchronous: use InvokeEndpointAsync.`);
      const fleet = invocations.choose(found, input.TargetVariant);
      const body = (input.Body ?? new Uint8Array()) as Uint8Array;
      const serverless = fleet.variant.ServerlessConfig;
      const limit = serverless ? SERVERLESS_PAYLOAD_BYTES : REALTIME_PAYLOAD_BYTES;
      if (body.length > limit)
        throw validationError(
          `The request payload has ${body.length} bytes; this endpoint accepts at most ${limit}.`,
        );
      if (serverless && fleet.inFlight() >= serverless.MaxConcurrency!)
        throw new AwsError(
          "ThrottlingException",
          `Rate exceeded: endpoint ${endpoint.name} already serves ${serverless.MaxConcurrency} requests.`,
          { status: 429 },
        );

      const response = await invocations.send(endpoint, fleet, body, input, INVOCATION_TIMEOUT_MS);
      if (serverless && response.body.length > SERVERLESS_PAYLOAD_BYTES)
        throw validationError(
          `The response payload has ${response.body.length} bytes; this endpoint returns at most ${limit}.`,
        );
      return {
        Body: response.body,
        ContentType: response.headers["content-type"],
        InvokedProductionVariant: fleet.variant.VariantName,
        CustomAttributes: response.headers["x-amzn-sagemaker-custom-attributes"],
      };
    },
  };
}
