// The same call through the AWS SDK, boto3 and the aws CLI: independent clients of one protocol.
import { execFile, execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import * as DynamoDB from "@aws-sdk/client-dynamodb";
import * as EventBridge from "@aws-sdk/client-eventbridge";
import * as Sfn from "@aws-sdk/client-sfn";
import * as Sqs from "@aws-sdk/client-sqs";
import type { TestCloud } from "../../packages/local/src/kernel/testing-cloud.ts";

export interface Client {
  /** Rejects with a ClientError that holds the service's code. */
  call(operation: string, input: object): Promise<any>;
  close(): void;
}

export class ClientError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const sdkModules: Record<string, { module: Record<string, any>; client: string }> = {
  dynamodb: { module: DynamoDB, client: "DynamoDBClient" },
  events: { module: EventBridge, client: "EventBridgeClient" },
  sqs: { module: Sqs, client: "SQSClient" },
  stepfunctions: { module: Sfn, client: "SFNClient" },
};
type ServiceName = "dynamodb" | "events" | "sqs" | "stepfunctions";
export const CLIENTS = ["AWS SDK", "boto3", "aws CLI"] as const;
export type ClientName = (typeof CLIENTS)[number];

const runs = (command: string, args: string[]) => {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const found: Record<ClientName, boolean> = {
  "AWS SDK": true,
  boto3: runs("python3", ["-c", "import boto3"]),
  "aws CLI": runs("aws", ["--version"]),
};

/** Why a client's tests cannot run here. Printed, so that a skip is not mistaken for a success. */
export function absence(name: ClientName): string | undefined {
  if (found[name]) return undefined;
  const reason = `${name} is not installed: its part of the conformance suite is skipped.`;
  console.warn(reason);
  return reason;
}

export const openClient = (name: ClientName, service: ServiceName, cloud: TestCloud): Client =>
  ({ "AWS SDK": sdk, boto3, "aws CLI": cli })[name](service, cloud);

function sdk(service: ServiceName, cloud: TestCloud): Client {
  const { module, client: name } = sdkModules[service]!;
  // The local cloud has one host: `sync-127.0.0.1` does not exist.
  const client = new module[name]({ ...cloud.client, disableHostPrefix: true });
  return {
    async call(operation, input) {
      try {
        const { $metadata: _, ...output } = await client.send(new module[`${operation}Command`](input));
        return output;
      } catch (error) {
        throw new ClientError((error as Error).name, (error as Error).message);
      }
    },
    close: () => client.destroy(),
  };
}

function boto3(service: ServiceName, cloud: TestCloud): Client {
  const script = path.join(import.meta.dirname, "boto3_client.py");
  const python = spawn("python3", [script, service], {
    env: { ...process.env, ...cloud.environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: Array<(line: string) => void> = [];
  createInterface(python.stdout).on("line", (line) => waiting.shift()?.(line));
  return {
    async call(operation, input) {
      const line = await new Promise<string>((resolve) => {
        waiting.push(resolve);
        python.stdin.write(`${JSON.stringify({ operation, input })}\n`);
      });
      const { output, code, message } = JSON.parse(line);
      if (code) throw new ClientError(code, message);
      return output;
    },
    close: () => void python.kill(),
  };
}

/** On the command line, because the aws command before 2.13 does not read it from the environment. */
export const endpointOf = ({ AWS_ENDPOINT_URL }: Record<string, string>) => [
  "--endpoint-url",
  AWS_ENDPOINT_URL!,
];

function cli(service: ServiceName, cloud: TestCloud): Client {
  const run = promisify(execFile);
  const env = { ...process.env, ...cloud.environment, AWS_PAGER: "" };
  return {
    async call(operation, input) {
      const command = operation.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
      const json = ["--output", "json", "--cli-input-json", JSON.stringify(input)];
      try {
        const { stdout } = await run("aws", [service, command, ...endpointOf(cloud.environment), ...json], {
          env,
        });
        return stdout.trim() ? JSON.parse(stdout) : {};
      } catch (error) {
        const { stderr } = error as { stderr: string };
        const [, code, message] = /error occurred \((.+?)\).*?: (.*)/s.exec(stderr) ?? [];
        throw new ClientError(code ?? "CommandFailed", (message ?? stderr).trim());
      }
    },
    close() {},
  };
}
