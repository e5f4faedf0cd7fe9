// Sends a request to an endpoint's containers: chooses the variant and converts errors.
import { AwsError } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { ContainerResponse } from "./endpoint/container.ts";
import type { Fleet } from "./endpoint/fleet.ts";
import type { Lifecycle } from "./endpoint/lifecycle.ts";
import type { Meter } from "./meter.ts";
import type { Documents } from "./records.ts";
import type { Endpoint, EndpointConfig } from "./shape.ts";
import { weightOf } from "./endpoint/variant.ts";

export interface InvocationTarget {
  endpoint: Endpoint;
  config: EndpointConfig | undefined;
  fleets: Fleet[];
}

export interface InvocationHeaders {
  ContentType?: string;
  Accept?: string;
  CustomAttributes?: string;
  InferenceId?: string;
}

export type Invocations = ReturnType<typeof openInvocations>;

/** The runtime API's name for ValidationException. */
export const validationError = (message: string) => new AwsError("ValidationError", message);

export function openInvocations(kernel: Kernel, documents: Documents, lifecycle: Lifecycle, meter: Meter) {
  return {
    find(name = ""): InvocationTarget {
      const endpoint = documents.get<Endpoint>("endpoint", name);
      const fleets = endpoint && lifecycle.fleets(endpoint.name);
      if (!endpoint || !fleets)
        throw validationError(`Endpoint ${name} of account ${kernel.cloud.account} not found.`);
      return {
        endpoint,
        fleets,
        config: documents.get<EndpointConfig>("endpoint-config", endpoint.config),
      };
    },

    choose({ endpoint, fleets }: InvocationTarget, target?: string): Fleet {
      if (target) {
        const named = fleets.find((fleet) => fleet.variant.VariantName === target);
        if (!named) throw validationError(`Variant ${target} does not exist for endpoint ${endpoint.name}.`);
        return named;
      }
      const weight = (fleet: Fleet) => weightOf(endpoint, fleet.variant);
      const total = fleets.reduce((sum, fleet) => sum + weight(fleet), 0);
      let left = kernel.random() * total;
      return fleets.find((fleet) => (left -= weight(fleet)) < 0) ?? fleets[0]!;
    },

    /** Returns the container's response. Throws ModelError unless its status is 2xx. */
    async send(
      endpoint: Endpoint,
      fleet: Fleet,
      body: Uint8Array,
      headers: InvocationHeaders,
      timeoutMs: number,
    ) {
      const began = performance.now();
      const response = await fleet
        .invoke(body, containerHeaders(headers), timeoutMs)
        .catch((error: Error): ContainerResponse => {
          const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
          const message = timedOut
            ? `Your invocation timed out while waiting for a response from container primary after ${timeoutMs / 1000} seconds.`
            : `Amazon SageMaker could not get a response from the ${endpoint.name} endpoint: ${error.message}.`;
          return { status: 0, headers: {}, body: Buffer.from(message) };
        });
      meter.recordInvocation(endpoint, fleet.variant, response.status, performance.now() - began);
      if (response.status < 200 || response.status > 299) throw modelError(kernel, endpoint, response);
      return response;
    },
  };
}

function modelError({ cloud }: Kernel, endpoint: Endpoint, { status, body }: ContainerResponse) {
  const text = body.toString("utf8");
  const side = status >= 400 && status < 500 ? "client" : "server";
  const group = `/aws/sagemaker/Endpoints/${endpoint.name}`;
  return new AwsError(
    "ModelError",
    `Received ${side} error (${status}) from primary with message "${text}". See ${group} in account ${cloud.account} for more information.`,
    {
      status: 424,
      fields: {
        OriginalStatusCode: status,
        OriginalMessage: text,
        LogStreamArn: `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${group}`,
      },
    },
  );
}

function containerHeaders(input: InvocationHeaders): Record<string, string> {
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
