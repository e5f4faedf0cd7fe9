// InvokeEndpointAsync: accepts the request and returns the S3 URI of its future result.
import { randomUUID } from "node:crypto";
import type { InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput } from "@aws-sdk/client-sagemaker-runtime";
import type { Kernel, Operation } from "../../../kernel/service.ts";
import { type Invocations, validationError } from "../invocation.ts";
import { ASYNC_BODY_BYTES, ASYNC_TIMEOUT_SECONDS, ASYNC_TTL_SECONDS } from "../limits.ts";
import { parseS3Uri } from "../s3.ts";
import { refuseMembers } from "../shape.ts";
import type { AsyncQueue } from "./queue.ts";

const HANDLED = [
  "EndpointName",
  "ContentType",
  "Accept",
  "CustomAttributes",
  "InferenceId",
  "InputLocation",
  "Body",
  "RequestTTLSeconds",
  "InvocationTimeoutSeconds",
];

export function asyncOperations(
  kernel: Kernel,
  invocations: Invocations,
  queue: AsyncQueue,
): Record<string, Operation> {
  return {
    InvokeEndpointAsync(input: InvokeEndpointAsyncInput): InvokeEndpointAsyncOutput {
      refuseMembers("InvokeEndpointAsync", input, HANDLED);
      const { endpoint, config } = invocations.find(input.EndpointName);
      const output = config?.async?.OutputConfig;
      if (!output)
        throw validationError(`Endpoint ${endpoint.name} is not asynchronous: use InvokeEndpoint.`);
      const body = input.Body?.length ? Buffer.from(input.Body) : undefined;
      if (body && input.InputLocation) throw validationError("Use InputLocation or Body, not both.");
      if (body && body.length > ASYNC_BODY_BYTES)
        throw validationError(
          `Body has ${body.length} bytes, at most ${ASYNC_BODY_BYTES} are accepted: use InputLocation.`,
        );
      if (!body && !parseS3Uri(input.InputLocation ?? "")?.key)
        throw validationError(`InputLocation ${input.InputLocation} is not the S3 URI of an object.`);
      const ttl = within("RequestTTLSeconds", input.RequestTTLSeconds, ASYNC_TTL_SECONDS);
      const timeout = within(
        "InvocationTimeoutSeconds",
        input.InvocationTimeoutSeconds,
        ASYNC_TIMEOUT_SECONDS,
      );

      const name = randomUUID();
      const inferenceId = input.InferenceId ?? name;
      const at = (folder: string | undefined, file: string) =>
        folder && `${folder.replace(/\/$/, "")}/${file}`;
      const OutputLocation = at(output.S3OutputPath, `${name}.out`)!;
      const FailureLocation = at(output.S3FailurePath, `${name}-error.out`);
      const received = kernel.clock.now();
      queue.add({
        endpoint: endpoint.name,
        input: input.InputLocation,
        body: body?.toString("base64"),
        output: OutputLocation,
        failure: FailureLocation,
        contentType: input.ContentType,
        accept: input.Accept,
        customAttributes: input.CustomAttributes,
        inferenceId,
        received,
        expires: received + ttl * 1000,
        timeoutMs: timeout * 1000,
      });
      return { InferenceId: inferenceId, OutputLocation, FailureLocation };
    },
  };
}

function within(
  name: string,
  value: number | undefined,
  bounds: { least: number; most: number; usual: number },
) {
  const { least, most, usual } = bounds;
  if (value !== undefined && !(value >= least && value <= most))
    throw validationError(`${name} must be between ${least} and ${most}, not ${value}.`);
  return value ?? usual;
}
