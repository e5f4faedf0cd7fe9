// A running stage seen from outside, as its operator and its users do: over the wire, by the names the graph gives.
import { PutObjectCommand, S3Client, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import {
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { getDeployment } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { isFinal, type Prediction } from "@sluice/core/prediction/prediction.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { importPackage, incomingKey } from "@sluice/core/version/import.ts";
import * as Token from "@sluice/core/token/manage.ts";
import { packageOf } from "./sample.ts";
import { until } from "./until.ts";

export interface Place {
  app: string;
  stage: string;
  links: Record<string, Record<string, unknown>>;
  /** What a client needs to act as root. */
  environment: Record<string, string>;
}

interface Request {
  method?: string;
  body?: object;
  headers?: Record<string, string>;
}

const ended = ({ status }: Prediction) => isFinal(status);

/** Makes this process one of the stage's own programs as well: `Resource` and the SDK's clients find it. */
export function operate({ app, stage, links, environment }: Place) {
  const all: Record<string, unknown> = { App: { name: app, stage }, ...links };
  for (const [name, value] of Object.entries(all))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, environment);
  const s3 = new S3Client({ maxAttempts: 10 });
  const sagemaker = new SageMakerClient({});
  const bucket = String(links["UploadsBucket"]!["name"]);
  const artifacts = String(links["ArtifactsBucket"]!["name"]);
  const url = (link: string) => String(links[link]!["url"]).replace(/\/$/, "");
  let token: string | undefined;
  const bearer = async () =>
    (token ??= (await Token.createToken({ name: "owner", scopes: ["admin"] })).token);

  async function admin(method: string, name: string, body: unknown) {
    const answer = await fetch(`${environment["AWS_ENDPOINT_URL"]}/_cloud/${name}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  return {
    s3,
    sqs: new SQSClient({}),
    bucket,
    artifacts,
    results: String(links["ResultsBucket"]!["name"]),
    queueUrl: (model: string) => url(getModel(model).queue),
    deadLettersUrl: (model: string) => url(getModel(model).deadLetters),
    /** Moves the cloud's clock, as an operator does. */
    shift: (advanceMs: number) => admin("POST", "clock", { advanceMs }),
    faults: (...rules: object[]) => admin("PUT", "faults", { rules }),

    async upload(key: string, body: Uint8Array | string, more: Partial<PutObjectCommandInput> = {}) {
      const input = { Bucket: bucket, Key: key, Body: body, ContentLength: Buffer.byteLength(body), ...more };
      const versionId = (await s3.send(new PutObjectCommand(input))).VersionId!;
      const idFor = (model: string) => predictionId({ bucket, key, versionId, model });
      return { key, versionId, idFor };
    },

    /** A package as somebody brings it. */
    async importPackage(model: string, bytes: Uint8Array) {
      const key = incomingKey(model);
      await s3.send(new PutObjectCommand({ Bucket: artifacts, Key: key, Body: bytes }));
      return importPackage(model, key, Date.now());
    },

    /** What SageMaker has of a kind, by name. */
    async sagemakerNames(kind: "endpoint" | "endpoint-config" | "model") {
      const found = {
        endpoint: async () => (await sagemaker.send(new ListEndpointsCommand({}))).Endpoints,
        "endpoint-config": async () =>
          (await sagemaker.send(new ListEndpointConfigsCommand({}))).EndpointConfigs,
        model: async () => (await sagemaker.send(new ListModelsCommand({}))).Models,
      };
      const names = (await found[kind]())!.map(
        (one) => Object.entries(one).find(([key]) => key.endsWith("Name"))![1],
      );
      return (names as string[]).toSorted();
    },

    /** The deployment once it has ended, well or not. */
    deployed: (
      id: string,
      wanted: (found: Deployment) => boolean = ({ status }) => status !== "running",
      patienceMs?: number,
    ) =>
      until(async () => {
        const found = await getDeployment(id);
        if (wanted(found)) return found;
        throw new Error(`${id} is ${found.status} at ${found.step}: ${found.reason}`);
      }, patienceMs),

    /** A package trained here behind the model's endpoint, in service. */
    async deploy(model: string) {
      const { version } = await this.importPackage(model, await packageOf(model));
      const { endpoint, deployment } = await provision({ model, version }, "owner", Date.now());
      const ended = deployment && (await this.deployed(deployment.id));
      if (ended && ended.status !== "live") throw new Error(ended.reason);
      return endpoint;
    },

    /** The record once it has ended, or once it is as wanted. */
    prediction: (id: string, wanted: (found: Prediction) => boolean = ended) =>
      until(async () => {
        const found = await getPrediction(id);
        if (wanted(found)) return found;
        throw new Error(`${found.source.key} is ${found.status}: ${JSON.stringify(found.error)}`);
      }),

    bearer,
    apiUrl: url("Api"),
    liveUrl: url("LiveUpdates"),

    /** The HTTP API as its owner. */
    async api(route: string, { method = "GET", body, headers = {} }: Request = {}) {
      const bytes = body instanceof Uint8Array ? new Uint8Array(body) : undefined;
      return fetch(`${url("Api")}${route}`, {
        method,
        headers: {
          authorization: `Bearer ${await bearer()}`,
          "content-type": bytes ? "application/octet-stream" : "application/json",
          ...headers,
        },
        body: bytes ?? (body && JSON.stringify(body)),
      });
    },
  };
}
