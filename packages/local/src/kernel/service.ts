// The contract between kernel and services. A plugin declares its resource types and starts its service; services call
// each other only through the kernel.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import type { Resource, ResolvedGraph } from "./graph.ts";
import type { Log } from "./log.ts";
import type { Quotas } from "./quotas.ts";
import type { Store } from "./store.ts";

/** Who is calling. Root (the machine's user) may do everything; a role only what its policies in the graph allow. */
export type Principal =
  | { kind: "root" }
  | { kind: "role"; arn: string; session?: string }
  | { kind: "service"; name: string };

export interface Call {
  requestId: string;
  principal: Principal;
  /** Aborts when the client disconnects. */
  signal: AbortSignal;
  /** Lower-cased request headers; empty for calls from inside. */
  headers: Record<string, string>;
}

/**
 * Input and output have the shapes of the AWS SDK (`PutObjectCommandInput` ...). A streamed input member (S3's `Body`)
 * is a Node Readable of the raw bytes, with aws-chunked framing; other blobs are Uint8Array.
 * A streamed output member may be a Readable, bytes or a string. `$metadata: { httpStatusCode }` in an output overrides
 * the modeled status (206).
 */
export type Operation = (input: any, call: Call) => unknown;

export interface Access {
  /** "s3:GetObject" */
  action: string;
  /** The ARN it touches; "*" where AWS has no resource level. */
  resource: string;
  /** Condition keys besides the global ones, e.g. `{ "s3:prefix": "a/" }`, `{ "iam:PassedToService": "..." }`. */
  context?: Record<string, string>;
}

/** Something that one service passes to another, which stores it until it is processed. */
export interface Delivery {
  /** The JSON or text the target receives. */
  payload: string;
  /** The sender, as resource policies see it: service principal and source ARN. */
  source: { service: string; arn: string };
  /** Target-specific extras, e.g. `{ messageGroupId }` or message attributes. */
  parameters?: Record<string, unknown>;
}

export interface Service {
  /** AWS operations by name. Other operations fail with NotImplemented. */
  operations: Record<string, Operation>;
  /** What IAM must allow before `operation` runs. */
  access(operation: string, input: any): Access[];
  /**
   * Accepts a delivery to an ARN of this service. It runs inside the caller's transaction and only writes to the store;
   * work starts afterwards (`store.afterCommit`). Throws AwsError to reject.
   */
  accept?(arn: string, delivery: Delivery): void;
  /** The resource policy of `arn` as set through the API (JSON). Those in the graph are known to IAM already. */
  policy?(arn: string): string | undefined;
  /**
   * Receives every request to this service before it is parsed. Returns true when it has sent the response (S3's POST
   * forms, CORS preflights). It may set headers and return false. The body is unread.
   */
  intercept?(request: IncomingMessage, response: ServerResponse): boolean | Promise<boolean>;
  /**
   * Whether the service's CORS rules allow this cross-origin request. Without this method all are rejected before they
   * are parsed.
   */
  allowsOrigin?(request: IncomingMessage): boolean;
  /** Routes outside the AWS protocols: HTTP APIs, function URLs. Keyed by path prefix ("/_api/"). */
  routes?: Record<string, HttpRoute>;
  /** Called when all services have started: resumes stored work and starts loops. */
  resume?(): void | Promise<void>;
  /** Stops all loops and child processes. */
  stop?(): Promise<void>;
}

export interface HttpRoute {
  /** Without this method, requests to the prefix are AWS requests. */
  serve?(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** As `Service.allowsOrigin`, for this prefix. */
  allowsOrigin?(request: IncomingMessage): boolean;
  /** Accepts or refuses a WebSocket handshake. Without this method, handshakes get status 404. */
  upgrade?(handshake: Handshake): void | Promise<void>;
}

export interface Handshake {
  request: IncomingMessage;
  socket: Duplex;
  /** What the client sent after the request. */
  head: Buffer;
  /** Refuses: returns the response to write, which closes the socket when it ends. */
  refuse(): ServerResponse;
}

export interface Plugin {
  /** The service's name: its folder, and the prefix of its actions. */
  name: string;
  /** Endpoint ARNs it accepts deliveries for: the third part of the ARN ("sqs", "lambda", "events"). */
  arns?: string[];
  /** The Pulumi types it owns, and how to compute the attributes of such a resource. Inputs are resolved. */
  resources: Record<string, (resource: Resource, cloud: CloudContext) => Record<string, string>>;
  start(kernel: Kernel): Service | Promise<Service>;
}

export interface CloudContext {
  region: string;
  account: string;
  partition: "aws";
  /** "http://127.0.0.1:4710" */
  endpoint: string;
}

/** An event for EventBridge's default bus, as an AWS service would send it. */
export interface ServiceEvent {
  source: string;
  detailType: string;
  resources: string[];
  detail: Record<string, unknown>;
}

export interface Fault {
  kind: "error" | "delay" | "duplicate" | "reorder" | "reset";
  /** For "error". */
  code?: string;
  status?: number;
  message?: string;
  /** Further members of the error, e.g. ModelError's `{ OriginalStatusCode, OriginalMessage }`. */
  fields?: Record<string, unknown>;
  /** For "delay" and "reorder". */
  ms?: number;
  /** "after": the work is done and the reply is lost, or is an error. */
  when?: "before" | "after";
}

export interface Kernel {
  cloud: CloudContext;
  store: Store;
  /** For services that write files in `dir`: they throw what `disk.reportError` returns. */
  disk: Disk;
  clock: Clock;
  /** In [0, 1); seeded in tests. */
  random(): number;
  /** A folder for this service's files (bodies, unpacked models ...), created on first use. */
  dir(service: string): string;
  /** The project's root: where handler paths and container folders start. */
  root: string;
  graph: ResolvedGraph;
  /** Environment variables of every function and program. A request cannot replace them. */
  variables: Readonly<Record<string, string>>;
  /** Services enforce them, and Service Quotas lists them. */
  quotas: Quotas;
  /**
   * Calls another service's operation with IAM and faults applied, as over the wire. The fault point is
   * "<service>:<Operation>": services call `fault` only for what is not an operation ("sqs:deliver").
   */
  call<Output = any>(service: string, operation: string, input: unknown, as: Principal): Promise<Output>;
  /** Passes a delivery to the service that owns `arn`, in the current transaction. Throws AwsError when it is rejected. */
  deliver(arn: string, delivery: Delivery): void;
  /**
   * Puts an AWS service's event on the default bus, inside the current transaction: a delivery to
   * `arn:aws:events:<region>:<account>:event-bus/default` whose payload is the whole event (version, id, detail-type,
   * source, account, time, region, resources, detail).
   */
  publish(event: ServiceEvent): void;
  /** Environment variables a child process needs to act as `role` against this cloud (endpoint, region, credentials). */
  credentials(roleArn: string, session: string): Record<string, string>;
  /** The principal and secret of an access key, to check signatures of POST forms and chunks. */
  identify(accessKeyId: string): { secretAccessKey: string; principal: Principal } | undefined;
  /** The fault of the plan for this point, if any: "sqs:deliver", "events:deliver", "s3:GetObject" ... */
  fault(point: string, about: Record<string, string>): Fault | undefined;
  log: Log;
}
