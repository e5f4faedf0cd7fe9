// One request to an endpoint's containers: picks the variant, and says what went wrong in the container's own words.
import { AwsError } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { Answer } from "./container.ts";
import type { Fleet } from "./fleet.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Meter } from "./meter.ts";
import type { Documents } from "./records.ts";
import type { Endpoint, EndpointConfig } from "./shape.ts";
import { weightOf } from "./variant.ts";

export interface Invoked {
  endpoint: Endpoint;
  config: EndpointConfig | undefined;
  fleets: Fleet[];
}

export interface Asked {
  ContentType?: string;
  Accept?: string;
  CustomAttributes?: string;
  InferenceId?: string;
}

export interface Invocations {
  find(name: string | undefined): Invoked;
  choose(invoked: Invoked, target?: string): Fleet;
  /** The container's good answer; throws ModelError for any other. */
  send(endpoint: Endpoint, fleet: Fleet, body: Uint8Array, asked: Asked, timeoutMs: number): Promise<Answer>;
}

/** The runtime's own name for what the control plane calls ValidationException. */
export const refuse = (message: string) => new AwsError("ValidationError", message);

export function openInvocations(
  kernel: Kernel,
  documents: Documents,
  lifecycle: Lifecycle,
  meter: Meter,
): Invocations {
  return {
    find(name = "") {
      const endpoint = documents.get<Endpoint>("endpoint", name);
      const fleets = endpoint && lifecycle.fleets(endpoint.name);
      if (!endpoint || !fleets)
        throw refuse(`Endpoint ${name} of account ${kernel.place.account} not found.`);
      return {
        endpoint,
        fleets,
        config: documents.get<EndpointConfig>("endpoint-config", endpoint.config),
      };
    },

    choose({ endpoint, fleets }, target) {
      if (target) {
        const named = fleets.find((fleet) => fleet.variant.VariantName === target);
        if (!named) throw refuse(`Variant ${target} does not exist for endpoint ${endpoint.name}.`);
        return named;
      }
      const weight = (fleet: Fleet) => weightOf(endpoint, fleet.variant);
      const total = fleets.reduce((sum, fleet) => sum + weight(fleet), 0);
      let left = kernel.random() * total;
      return fleets.find((fleet) => (left -= weight(fleet)) < 0) ?? fleets[0]!;
    },

    async send(endpoint, fleet, body, asked, timeoutMs) {
      const began = performance.now();
      const answer = await fleet
        .invoke(body, containerHeaders(asked), timeoutMs)
        .catch((error: Error): Answer => {
          const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
          const message = timedOut
            ? `Your invocation timed out while waiting for a response from container primary after ${timeoutMs / 1000} seconds.`
            : `Amazon SageMaker could not get a response from the ${endpoint.name} endpoint: ${error.message}.`;
          return { status: 0, headers: {}, body: Buffer.from(message) };
        });
      meter.invoked(endpoint, fleet.variant, answer.status, performance.now() - began);
      if (answer.status < 200 || answer.status > 299) throw modelError(kernel, endpoint, answer);
      return answer;
    },
  };
}

function modelError({ place }: Kernel, endpoint: Endpoint, { status, body }: Answer) {
  const text = body.toString("utf8");
  const side = status >= 400 && status < 500 ? "client" : "server";
  const group = `/aws/sagemaker/Endpoints/${endpoint.name}`;
  return new AwsError(
    "ModelError",
    `Received ${side} error (${status}) from primary with message "${text}". See ${group} in account ${place.account} for more information.`,
    {
      status: 424,
      fields: {
        OriginalStatusCode: status,
        OriginalMessage: text,
        LogStreamArn: `arn:aws:logs:${place.region}:${place.account}:log-group:${group}`,
      },
    },
  );
}

function containerHeaders(asked: Asked): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    "content-type": asked.ContentType ?? "application/octet-stream",
    accept: asked.Accept,
    "x-amzn-sagemaker-custom-attributes": asked.CustomAttributes,
    "x-amzn-sagemaker-inference-id": asked.InferenceId,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
