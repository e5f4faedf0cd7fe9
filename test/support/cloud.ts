// The whole of Sluice on the embedded cloud, booted from the committed graph on a free port and a folder of its own:
// real functions in child processes, a real model behind a real endpoint, SDK clients over the wire.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PutObjectCommand, S3Client, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { provision } from "@sluice/core/endpoint/provision.ts";
import { model as modelNamed } from "@sluice/core/model/model.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { isFinal, type Prediction } from "@sluice/core/prediction/prediction.ts";
import { fromId } from "@sluice/core/prediction/record.ts";
import * as Token from "@sluice/core/token/token.ts";
import { startCloud, type Cloud } from "@sluice/local/cloud.ts";
import type { Graph } from "@sluice/local/kernel/graph.ts";
import { vi } from "vitest";
import { packageOf, root } from "./sample.ts";

export interface Uploaded {
  key: string;
  versionId: string;
  /** Of its prediction by a model. */
  idFor(model: string): string;
}

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** How long anything here may take on a busy machine: only a failing test waits for it. */
const PATIENCE = { timeout: 60_000, interval: 40 };

/** The committed graph, with waits between retries too short to notice. */
export function committedGraph(): Graph {
  const graph = JSON.parse(readFileSync(path.join(root, "infra/cloud.lock.json"), "utf8")) as Graph;
  for (const { type, inputs } of graph.resources) {
    if (type !== "aws:lambda/function:Function") continue;
    const environment = inputs["environment"] as { variables?: Record<string, string> } | undefined;
    inputs["environment"] = { variables: { ...environment?.variables, SLUICE_RETRY_BASE_MS: "2" } };
  }
  return graph;
}

export async function startStage(graph: Graph = committedGraph()) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-stage-"));
  const problems: string[] = [];
  const cloud = await startCloud({
    root,
    dir,
    graph,
    port: 0,
    seed: 1,
    log: (level, message) => void (level === "error" && problems.push(message)),
  });
  adopt(cloud);
  const s3 = new S3Client({ maxAttempts: 10 });
  const names = cloud.kernel.graph.links as Record<string, { name: string; url: string }>;
  const bucket = names["UploadsBucket"]!.name;
  let bearer: string | undefined;

  return {
    cloud,
    s3,
    sqs: new SQSClient({}),
    /** Errors that the cloud itself logged. */
    problems,
    bucket,
    queueUrl: (model: string) => names[modelNamed(model).queue]!.url,
    deadLettersUrl: (model: string) => names[modelNamed(model).deadLetters]!.url,

    async upload(key: string, body: Uint8Array | string, more: Partial<PutObjectCommandInput> = {}) {
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }),
      );
      const versionId = VersionId!;
      return { key, versionId, idFor: (model: string) => predictionId({ bucket, key, versionId, model }) };
    },

    /** A package trained here behind the model's endpoint, in service. */
    async deploy(model: string) {
      const { endpoint } = await provision({ model, package: await packageOf(model) });
      await vi.waitFor(async () => {
        const { EndpointStatus, FailureReason } = await cloud.kernel.call(
          "sagemaker",
          "DescribeEndpoint",
          { EndpointName: endpoint },
          { kind: "root" },
        );
        if (EndpointStatus !== "InService")
          throw new Error(`${endpoint}: ${EndpointStatus} ${FailureReason}`);
      }, PATIENCE);
      return endpoint;
    },

    /** The record once `satisfied`; as it ends if nothing is said. */
    until: (id: string, satisfied = (found: Prediction) => isFinal(found.status)) =>
      vi.waitFor(async () => {
        const found = await fromId(id);
        if (satisfied(found)) return found;
        throw new Error(`${found.source.key} is ${found.status} ${JSON.stringify(found.error)}`);
      }, PATIENCE),

    /** Moves the cloud's clock, as an operator does. */
    shift: (ms: number) => admin(cloud, "POST", "clock", { advanceMs: ms }),
    faults: (...rules: object[]) => admin(cloud, "PUT", "faults", { rules }),

    /** The HTTP API as its owner. */
    async api(route: string, init: RequestInit = {}) {
      bearer ??= (await Token.create({ name: "tests", scopes: ["admin"] })).token;
      const headers = { authorization: `Bearer ${bearer}`, ...init.headers };
      return fetch(`${names["Api"]!.url.replace(/\/$/, "")}${route}`, { ...init, headers });
    },

    async dispose() {
      await cloud.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Makes this process one of the stage's own programs: `Resource` and the SDK's clients find it. */
export function adopt({ environment, kernel }: Pick<Cloud, "environment" | "kernel">) {
  const { app, stage, links } = kernel.graph;
  const all: Record<string, unknown> = { App: { name: app, stage }, ...links };
  for (const [name, value] of Object.entries(all))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, environment);
}

async function admin({ endpoint }: Cloud, method: string, name: string, body: unknown) {
  const answer = await fetch(`${endpoint}/_cloud/${name}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
