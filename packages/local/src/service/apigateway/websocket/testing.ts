// A cloud with one WebSocket API as SST declares it, a function that records its events, and real clients.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { manualClock, type ManualClock } from "../../../kernel/clock.ts";
import type { Resource } from "../../../kernel/graph.ts";
import { testCloud, type TestCloud } from "../../../kernel/testing-cloud.ts";
import { lambda } from "../../lambda/plugin.ts";
import { logs } from "../../logs/plugin.ts";
import { apigateway } from "../plugin.ts";

export interface Chat {
  cloud: TestCloud;
  clock: ManualClock;
  url: string;
  managementEndpoint: string;
  management: ApiGatewayManagementApiClient;
  /** The events that the function received. */
  events(): any[];
  /** Waits until there are as many events. */
  received(count: number): Promise<any[]>;
  /** Resolves when the connection is open. */
  connect(options?: DialOptions, url?: string): Promise<Client>;
  /** The response to a handshake that is refused. */
  refused(options?: DialOptions, url?: string): Promise<{ status: number; body: any }>;
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

export interface Client {
  socket: WebSocket;
  closed: Promise<{ code: number; reason: string }>;
  send(message: unknown): void;
  /** The next message. */
  next(): Promise<string>;
}

export interface DialOptions extends Omit<ClientOptions, "headers"> {
  protocols?: string[];
  headers?: Record<string, string | string[]>;
}

export interface ChatOptions {
  /** The body of the handler, with `event`, and the API's URLs in `Chat`. */
  handler?: string;
  /** Default: $connect, $disconnect and $default. */
  routes?: string[];
  /** Changes the inputs of resources, by name. */
  inputs?: Record<string, Record<string, unknown>>;
  resources?: Resource[];
}

const ROLE_POLICY = (resource: string) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Action: ["execute-api:ManageConnections"], Resource: [resource] }],
  });

export async function testChat(options: ChatOptions = {}): Promise<Chat> {
  const root = mkdtempSync(path.join(tmpdir(), "sockets-"));
  const record = path.join(root, "events.jsonl");
  mkdirSync(path.join(root, "src"));
  // For the SDK in functions.
  symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
  writeFileSync(
    path.join(root, "src/chat.ts"),
    `import { appendFileSync } from "node:fs";
    import * as management from "@aws-sdk/client-apigatewaymanagementapi";
    export async function handler(event) {
      const Chat = JSON.parse(process.env.SST_RESOURCE_Chat);
      appendFileSync(${JSON.stringify(record)}, JSON.stringify(event) + "\\n");
      ${options.handler ?? ""}
      return { statusCode: 200 };
    }`,
  );
  const clock = manualClock();
  const start = () =>
    testCloud({
      root,
      dir: path.join(root, "state"),
      clock,
      plugins: [logs, lambda, apigateway],
      graph: {
        resources: graphOf(options),
        functions: {
          Handler: {
            handler: "src/chat.handler",
            links: {
              Chat: {
                url: "${ChatApi.apiEndpoint}/${ChatStage.name}",
                managementEndpoint: "${ChatApi.managementEndpoint}/${ChatStage.name}",
              },
            },
          },
        },
      },
    });
  let cloud = await start();
  const clients = new Set<WebSocket>();
  const managed = () => `${cloud.endpoint}/_ws/ChatApi/$default`;
  const dial = ({ protocols, ...options }: DialOptions = {}, url = managed().replace("http", "ws")) => {
    const socket = new WebSocket(url, protocols, options as ClientOptions);
    clients.add(socket);
    // A refused handshake is an error of the client too.
    socket.on("error", () => {});
    return socket;
  };

  const events = () => {
    const text = existsSync(record) ? readFileSync(record, "utf8") : "";
    // The last line may be incomplete.
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };

  return {
    clock,
    get cloud() {
      return cloud;
    },
    get url() {
      return managed().replace("http", "ws");
    },
    get managementEndpoint() {
      return managed();
    },
    get management() {
      return new ApiGatewayManagementApiClient({ ...cloud.client, endpoint: managed(), maxAttempts: 1 });
    },
    events,
    received: (count) =>
      vi.waitFor(
        () => {
          const found = events();
          if (found.length >= count) return found;
          throw new Error(`${found.length} of ${count} events arrived: ${JSON.stringify(found)}`);
        },
        { timeout: 15_000, interval: 20 },
      ),
    connect: (options, url) => open(dial(options, url)),
    refused: (options, url) =>
      new Promise((resolve, reject) => {
        const socket = dial(options, url);
        socket.once("open", () => reject(new Error("The handshake was accepted.")));
        socket.once("unexpected-response", (_, response: IncomingMessage) => resolve(readResponse(response)));
      }),
    async restart() {
      await cloud.stop();
      cloud = await start();
    },
    async dispose() {
      for (const socket of clients) socket.terminate();
      await cloud.dispose();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function graphOf({
  routes = ["$connect", "$disconnect", "$default"],
  inputs = {},
  resources = [],
}: ChatOptions) {
  const integration = {
    apiId: "${ChatApi.id}",
    integrationType: "AWS_PROXY",
    integrationUri: "${Handler.invokeArn}",
  };
  const all: Resource[] = [
    {
      name: "ChatApi",
      type: "aws:apigatewayv2/api:Api",
      inputs: { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
    },
    {
      name: "ChatStage",
      type: "aws:apigatewayv2/stage:Stage",
      inputs: { apiId: "${ChatApi.id}", autoDeploy: true, name: "$default" },
    },
    { name: "ChatIntegration", type: "aws:apigatewayv2/integration:Integration", inputs: integration },
    ...routes.map((routeKey, index) => ({
      name: `Route${index}`,
      type: "aws:apigatewayv2/route:Route",
      inputs: {
        apiId: "${ChatApi.id}",
        routeKey,
        target: "integrations/${ChatIntegration.id}",
        authorizationType: "NONE",
      },
    })),
    {
      name: "Role",
      type: "aws:iam/role:Role",
      inputs: {
        inlinePolicies: [
          { name: "inline", policy: ROLE_POLICY("${ChatApi.executionArn}/*/*/@connections/*") },
        ],
      },
    },
    {
      name: "Handler",
      type: "aws:lambda/function:Function",
      inputs: { role: "${Role.arn}", memorySize: 256, timeout: 60 },
    },
    ...resources,
  ];
  return all.map((resource) => ({ ...resource, inputs: { ...resource.inputs, ...inputs[resource.name] } }));
}

function open(socket: WebSocket): Promise<Client> {
  const received: string[] = [];
  const waiting: Array<(message: string) => void> = [];
  socket.on("message", (data: Buffer) => {
    const next = waiting.shift();
    if (next) next(data.toString());
    else received.push(data.toString());
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () =>
      resolve({
        socket,
        closed,
        send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
        async next() {
          return received.shift() ?? new Promise<string>((found) => waiting.push(found));
        },
      }),
    );
  });
}

async function readResponse(response: IncomingMessage) {
  const chunks = await Array.fromAsync(response as AsyncIterable<Buffer>);
  return { status: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) };
}
