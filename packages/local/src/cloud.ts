// The embedded AWS, whole: the resource graph in, running services on one port out.
import { readFileSync } from "node:fs";
import path from "node:path";
import { iam } from "./iam/plugin.ts";
import { policyGuard } from "./iam/guard.ts";
import { shiftableClock, type Clock } from "./kernel/clock.ts";
import { createFaultRules, type FaultRules } from "./kernel/faults.ts";
import { retryingClock, watchDisk } from "./kernel/disk.ts";
import type { Graph } from "./kernel/graph.ts";
import { startKernel, type RunningKernel } from "./kernel/kernel.ts";
import { lockFolder } from "./kernel/lock.ts";
import { seededRandom } from "./kernel/random.ts";
import { DEFAULT_ACCOUNT, type Quotas } from "./kernel/quotas.ts";
import { GraphError } from "./kernel/resolve.ts";
import type { Log } from "./kernel/log.ts";
import type { CloudContext, Plugin } from "./kernel/service.ts";
import { openStore } from "./kernel/store.ts";
import { allPlugins } from "./plugins.ts";
import { ADMIN_PREFIX, adminHandler } from "./wire/admin.ts";
import { awsHandler } from "./wire/handle.ts";
import { listen, serviceRoutes } from "./wire/server.ts";

export interface CloudOptions {
  /** The project's root: where handler paths and container folders start. */
  root: string;
  /** The graph itself, or the file that holds it (default `infra/cloud.lock.json`). */
  graph?: Graph;
  lockFile?: string;
  /** State (default `.sluice` in the root). */
  dir?: string;
  host?: string;
  /** Default 4710; 0 chooses a free port. */
  port?: number;
  /** Lets `host` be an address that other machines can reach. */
  allowRemote?: boolean;
  /** Host names besides loopback that requests may use. */
  allowHosts?: string[];
  /** Environment variables of every function and program, besides their own. */
  variables?: Record<string, string>;
  /** Of the account. Default: those with which every example runs as declared. */
  quotas?: Quotas;
  clock?: Clock & { shift?(ms: number): void; advance?(ms: number): Promise<void> };
  /** Default: all services. */
  plugins?: Plugin[];
  seed?: number;
  log?: Log;
}

export interface Cloud {
  endpoint: string;
  kernel: RunningKernel;
  faults: FaultRules;
  /** What an AWS SDK client needs to act as root here: `new S3Client(cloud.client)`. */
  client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** The same as environment variables, for other programs. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export const DEFAULT_PORT = 4710;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { root, host = "127.0.0.1", port = DEFAULT_PORT, log = () => {} } = options;
  const dir = path.resolve(root, options.dir ?? ".sluice");
  const clock = retryingClock(options.clock ?? shiftableClock());
  let running = false;
  // During the start, storage errors are thrown instead of logged.
  const disk = watchDisk(dir, (...report) => running && log(...report));
  const faults = createFaultRules();
  const plugins = [iam, ...(options.plugins ?? allPlugins)];
  const graph = options.graph ?? readGraph(path.resolve(root, options.lockFile ?? "infra/cloud.lock.json"));

  // Released in reverse order when the cloud stops, or when a later step of the start fails.
  const resources: Array<() => void | Promise<void>> = [];
  const release = async () => {
    while (resources.length > 0)
      try {
        await resources.pop()!();
      } catch (error) {
        // Release the rest as well: the lock, the port.
        log("error", `The embedded AWS failed to stop: ${(error as Error).message}`);
      }
  };
  try {
    // One process per state folder.
    resources.push(lockFolder(dir));
    const store = openStore(path.join(dir, "cloud.db"), disk);
    resources.push(() => store.close());
    // Written at every start, so that a disk that rejects writes fails the start and not the first request.
    store.define(
      "create table if not exists cloud_start (id integer primary key, at integer not null) strict",
    );
    store.run`insert or replace into cloud_start values (1, ${clock.now()})`;

    // Listen first: queue URLs contain the port. Requests wait until the services have started.
    const http = await listen(
      { host, port, allowRemote: options.allowRemote, allowHosts: options.allowHosts },
      log,
    );
    resources.push(() => http.close());
    const cloud: CloudContext = {
      region: "us-east-1",
      account: "000000000000",
      partition: "aws",
      endpoint: `http://${host}:${http.port}`,
    };

    // Start every service, then let each resume what the last run left unfinished.
    const kernel = await startKernel({
      cloud,
      root,
      dir,
      store,
      disk,
      clock,
      random: options.seed === undefined ? Math.random : seededRandom(options.seed),
      graph,
      variables: options.variables ?? {},
      quotas: options.quotas ?? DEFAULT_ACCOUNT,
      plugins,
      faults,
      guard: policyGuard,
      log,
    });
    resources.push(() => kernel.stop());

    // Accept requests.
    const shift = options.clock?.advance ?? (clock as { shift?(ms: number): void }).shift;
    http.serve(
      {
        ...serviceRoutes(kernel.services.values()),
        [ADMIN_PREFIX]: {
          serve: adminHandler({ kernel, faults, shift, ignored: unowned(graph, plugins) }),
        },
      },
      awsHandler(kernel),
    );
    running = true;
    const { endpoint, region } = cloud;
    const credentials = kernel.keys.root;
    return {
      endpoint,
      kernel,
      faults,
      client: { endpoint, region, credentials },
      environment: {
        AWS_ENDPOINT_URL: endpoint,
        // One host serves all: `sync-127.0.0.1` does not exist. botocore and the aws CLI read this.
        AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
        AWS_REGION: region,
        // botocore and the aws CLI read this one.
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
      stop: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function unowned(graph: Graph, plugins: Plugin[]): string[] {
  const owned = new Set(plugins.flatMap((plugin) => Object.keys(plugin.resources)));
  return [...new Set(graph.resources.map(({ type }) => type))].filter((type) => !owned.has(type)).toSorted();
}

function readGraph(file: string): Graph {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new GraphError(`There is no resource graph at ${file}. Run \`npm run synth\` to write it.`, {
      cause,
    });
  }
  try {
    const graph = JSON.parse(text) as Graph;
    if (graph.version === 1 && Array.isArray(graph.resources)) return graph;
  } catch (cause) {
    throw new GraphError(`${file} is not JSON: ${String(cause)}. Run \`npm run synth\` to write it again.`, {
      cause,
    });
  }
  throw new GraphError(
    `${file} is not a resource graph of version 1. Run \`npm run synth\` to write it again.`,
  );
}
