// The dispatcher: every call from the wire or from another service passes here. It applies permissions and faults and
// rejects operations that are not implemented, so no service can forget them.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { delay, type Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import { openCredentials, type Credentials } from "./credentials.ts";
import { AwsError, notImplemented } from "./error.ts";
import type { FaultRules } from "./faults.ts";
import type { Graph } from "./graph.ts";
import type { Log } from "./log.ts";
import { arnOf } from "./names.ts";
import type { Quotas } from "./quotas.ts";
import { resolveGraph } from "./resolve.ts";
import type {
  Access,
  Call,
  Delivery,
  Fault,
  Kernel,
  CloudContext,
  Plugin,
  Principal,
  Service,
} from "./service.ts";
import type { Store } from "./store.ts";

/** Closes the connection without a response. */
export class ConnectionReset extends Error {
  override name = "ConnectionReset";
}

/** Throws an AwsError when access is denied. */
export interface Guard {
  call(principal: Principal, access: Access): void;
  delivery(arn: string, delivery: Delivery): void;
}

export interface Runtime {
  cloud: CloudContext;
  root: string;
  /** The folder for services' files. */
  dir: string;
  store: Store;
  disk: Disk;
  clock: Clock;
  random(): number;
  graph: Graph;
  variables: Readonly<Record<string, string>>;
  quotas: Quotas;
  plugins: Plugin[];
  faults: FaultRules;
  guard(kernel: Kernel, services: Map<string, Service>): Guard;
  log: Log;
}

export interface RunningKernel extends Kernel {
  services: Map<string, Service>;
  keys: Credentials;
  /** One operation on behalf of a caller on the wire. */
  perform(service: string, operation: string, input: unknown, call: Call): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startKernel(deps: Runtime): Promise<RunningKernel> {
  const { cloud, store, disk, clock, faults, plugins } = deps;
  const services = new Map<string, Service>();
  const owners = new Map<string, string>();
  const keys = openCredentials(store);

  const kernel: RunningKernel = {
    cloud,
    store,
    disk,
    clock,
    services,
    keys,
    root: deps.root,
    random: deps.random,
    graph: resolveGraph(deps.graph, plugins, cloud),
    variables: deps.variables,
    quotas: deps.quotas,
    log: deps.log,
    dir(service) {
      const dir = path.join(deps.dir, service);
      try {
        mkdirSync(dir, { recursive: true });
      } catch (error) {
        throw disk.reportError(error, dir);
      }
      return dir;
    },
    async perform(name, operation, input, call) {
      const service = services.get(name);
      const run = service?.operations[operation];
      if (!service || !run) throw notImplemented(`${name}:${operation}`);
      for (const access of service.access(operation, input)) guard.call(call.principal, access);
      const fault = faults.take(`${name}:${operation}`, describe(input, call.principal));
      if (fault?.when !== "after") await applyFault(fault, clock);
      const output = await run(input, call);
      if (fault?.when === "after") await applyFault(fault, clock);
      return output;
    },
    call: (service, operation, input, principal) =>
      kernel.perform(service, operation, input, {
        requestId: randomUUID(),
        principal,
        signal: new AbortController().signal,
        headers: {},
      }) as Promise<any>,
    deliver(arn, delivery) {
      const owner = services.get(owners.get(arn.split(":")[2] ?? "") ?? "");
      if (!owner?.accept)
        throw new AwsError("ResourceNotFoundException", `No service accepts deliveries for ${arn}.`);
      guard.delivery(arn, delivery);
      owner.accept(arn, delivery);
    },
    publish(event) {
      kernel.deliver(arnOf(cloud, "events", "event-bus/default"), {
        payload: JSON.stringify({
          version: "0",
          id: randomUUID(),
          "detail-type": event.detailType,
          source: event.source,
          account: cloud.account,
          // EventBridge's own envelope has second precision.
          time: new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
          region: cloud.region,
          resources: event.resources,
          detail: event.detail,
        }),
        source: { service: event.source, arn: event.resources[0] ?? "" },
      });
    },
    credentials(roleArn, session) {
      const key = keys.issue(roleArn, session);
      return {
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
        AWS_REGION: cloud.region,
        AWS_DEFAULT_REGION: cloud.region,
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        AWS_SESSION_TOKEN: key.sessionToken,
      };
    },
    identify: (accessKeyId) => keys.identify(accessKeyId),
    fault: (point, about) => faults.take(point, about),
    async stop() {
      for (const [name, service] of [...services].toReversed())
        try {
          await service.stop?.();
        } catch (error) {
          // Continue: other services still have child processes to stop.
          deps.log("error", `${name} failed to stop: ${(error as Error).message}`);
        }
    },
  };

  const guard = deps.guard(kernel, services);
  for (const plugin of plugins) {
    for (const arn of plugin.arns ?? []) owners.set(arn, plugin.name);
    services.set(plugin.name, await plugin.start(kernel));
  }
  for (const service of services.values()) await service.resume?.();
  return kernel;
}

async function applyFault(fault: Fault | undefined, clock: Clock) {
  if (fault?.kind === "delay") await delay(clock, fault.ms ?? 0);
  if (fault?.kind === "reset") throw new ConnectionReset("A fault rule broke this connection.");
  if (fault?.kind === "error")
    throw new AwsError(fault.code!, fault.message ?? "A fault rule caused this error.", {
      status: fault.status,
      fields: fault.fields,
    });
}

/** The values that a fault rule's `match` is compared with: the input's string members, and the caller. */
function describe(input: unknown, principal: Principal) {
  const about: Record<string, string> = { caller: principal.kind };
  if (principal.kind === "role") about.caller = principal.arn.split("/").at(-1)!;
  for (const [key, value] of Object.entries(input ?? {})) if (typeof value === "string") about[key] = value;
  return about;
}
