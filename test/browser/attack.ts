// Requests of a hostile page: what it sends, and what its browser and Sluice allow.
import {
  CreateProcessingJobCommand,
  SageMakerClient,
  type CreateProcessingJobCommandInput,
} from "@aws-sdk/client-sagemaker";
import type { Page } from "playwright-core";

export interface Attack {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** "no-cors" sends a request without a preflight; its response is hidden from the page, not from this test. */
  mode?: "cors" | "no-cors";
}

/** Sends a request from the page. Returns every status on the network, preflights too, and the text the page can read. */
export async function attack(from: Page, url: string, options: Attack = {}) {
  const sent = new Set<string>();
  const statuses = new Map<string, number>();
  const network = await from.context().newCDPSession(from);
  network.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url === url) sent.add(requestId);
  });
  network.on("Network.responseReceivedExtraInfo", ({ requestId, statusCode }) =>
    statuses.set(requestId, statusCode),
  );
  await network.send("Network.enable");
  const text = await from.evaluate(
    async ([target, init]) => {
      try {
        const answer = await fetch(target, init);
        return answer.type === "opaque" ? "" : await answer.text();
      } catch {
        return "";
      }
    },
    [url, options] as const,
  );
  await network.detach();
  return { statuses: [...statuses].flatMap(([id, status]) => (sent.has(id) ? [status] : [])), text };
}

const HOSTILE_JOB: CreateProcessingJobCommandInput = {
  ProcessingJobName: "hostile",
  RoleArn: "arn:aws:iam::000000000000:role/any",
  AppSpecification: { ImageUri: "any", ContainerEntrypoint: ["evaluate"] },
  ProcessingResources: {
    ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
  },
  Environment: { NODE_OPTIONS: "--import=data:text/javascript,process.exit()" },
};

/** The request for a hostile job, signed with the root key for `path`, and not sent. */
export async function signJob(path: string): Promise<Attack> {
  let signed: Attack | undefined;
  const client = new SageMakerClient({
    requestHandler: {
      handle: ({ headers: { host: _, "content-length": __, ...headers }, body }: any) => {
        signed = { method: "POST", headers, body };
        return Promise.reject(new Error("Signed, not sent."));
      },
    },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next) => (args: any) => {
      args.request.path = path;
      return next(args);
    },
    { step: "build" },
  );
  await client.send(new CreateProcessingJobCommand(HOSTILE_JOB)).catch(() => {});
  return signed!;
}
