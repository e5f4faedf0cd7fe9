// A kernel for the tests of one service: a temporary folder, a clock and a seed that the test holds, and a record of
// what left the service. Deliveries and events that no plugin owns are recorded; those with an owner go there too.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { manualClock, type ManualClock } from "./clock.ts";
import { retryingClock, watchDisk } from "./disk.ts";
import { AwsError } from "./error.ts";
import { createFaultRules, type FaultRules } from "./faults.ts";
import type { Graph } from "./graph.ts";
import { startKernel, type RunningKernel } from "./kernel.ts";
import { DEFAULT_ACCOUNT, type Quotas } from "./quotas.ts";
import { seededRandom } from "./random.ts";
import type { Delivery, CloudContext, Plugin, Principal, ServiceEvent } from "./service.ts";
import { openStore } from "./store.ts";
import { printErrors } from "./testing-log.ts";

export interface TestKernelOptions {
  plugins?: Plugin[];
  graph?: Partial<Graph>;
  clock?: ManualClock;
  seed?: number;
  quotas?: Quotas;
  /** The project's root, for handlers and containers. */
  root?: string;
  /** State left by an earlier kernel; a fresh folder otherwise. */
  dir?: string;
}

export interface TestKernel extends RunningKernel {
  clock: ManualClock;
  faults: FaultRules;
  deliveries: Array<{ arn: string; delivery: Delivery }>;
  events: ServiceEvent[];
  logs: Array<{ level: string; message: string; about?: Record<string, unknown> }>;
  /** As root by default. */
  call<Output = any>(service: string, operation: string, input: unknown, as?: Principal): Promise<Output>;
  /** Stops everything and starts again on the same state, as after a reboot. */
  restart(): Promise<TestKernel>;
  dispose(): Promise<void>;
}

export const TEST_CONTEXT: CloudContext = {
  region: "us-east-1",
  account: "000000000000",
  partition: "aws",
  endpoint: "http://127.0.0.1:4710",
};

const ROOT: Principal = { kind: "root" };

export async function testKernel(options: TestKernelOptions = {}): Promise<TestKernel> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), "cloud-"));
  const clock = options.clock ?? manualClock();
  const faults = createFaultRules();
  const deliveries: TestKernel["deliveries"] = [];
  const events: TestKernel["events"] = [];
  const logs: TestKernel["logs"] = [];
  const log: TestKernel["log"] = (level, message, about) => {
    logs.push({ level, message, about });
    printErrors(level, message);
  };
  const disk = watchDisk(dir, log);
  const store = openStore(path.join(dir, "cloud.db"), disk);

  const running = await startKernel({
    cloud: TEST_CONTEXT,
    root: options.root ?? dir,
    dir,
    store,
    disk,
    clock: retryingClock(clock),
    random: seededRandom(options.seed ?? 1),
    graph: { version: 1, app: "test", stage: "local", resources: [], functions: {}, ...options.graph },
    variables: {},
    quotas: options.quotas ?? DEFAULT_ACCOUNT,
    plugins: [recorder(deliveries), ...(options.plugins ?? [])],
    faults,
    // Permissions have tests of their own; here every caller may do everything.
    guard: () => ({ call() {}, delivery() {} }),
    log,
  });

  const { call, publish } = running;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await running.stop();
    store.close();
  };
  return Object.assign(running, {
    clock,
    faults,
    deliveries,
    events,
    logs,
    call: (service: string, operation: string, input: unknown, as = ROOT) =>
      call(service, operation, input, as) as any,
    publish(event: ServiceEvent) {
      store.afterCommit(() => events.push(event));
      publish(event);
    },
    async restart() {
      await close();
      return testKernel({ ...options, dir, clock });
    },
    async dispose() {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

/** Accepts deliveries for services that the test does not start. Plugins that own the same ARNs replace it. */
function recorder(deliveries: TestKernel["deliveries"]): Plugin {
  return {
    name: "recorder",
    arns: ["sqs", "lambda", "events", "sns", "states", "scheduler", "logs", "execute-api"],
    resources: {},
    start: (kernel) => ({
      operations: {},
      access: () => [],
      accept(arn, delivery) {
        if (arn.endsWith(":missing")) throw new AwsError("ResourceNotFoundException", `Nothing at ${arn}.`);
        kernel.store.afterCommit(() => deliveries.push({ arn, delivery }));
      },
    }),
  };
}
