// An endpoint's life: creating -> in service | failed; updating -> in service, with the new config or rolled back to the
// old one; deleting -> gone. Each step is committed with the event it emits; a step cut short is taken up again.
import { retryOnStorageError } from "../../kernel/disk.ts";
import type { Kernel } from "../../kernel/service.ts";
import { findAlarm, type TrafficShift, readTrafficShift } from "./deployment.ts";
import { endpointEvents } from "./events.ts";
import { type Fleet, createFleet } from "./fleet.ts";
import type { ProgramRegistry } from "./images.ts";
import { FAILURE_REASON_CHARACTERS } from "./limits.ts";
import type { Documents } from "./records.ts";
import type { Endpoint, EndpointConfig, Model } from "./shape.ts";
import { countOf } from "./variant.ts";

export interface Lifecycle {
  /** Moves on from the endpoint's recorded status; call after writing Creating, Updating or Deleting. */
  advance(name: string): void;
  save(endpoint: Endpoint): void;
  /** Starts or stops containers, as the endpoint now has instances or none. */
  resize(name: string): void;
  /** Those that serve the next request. */
  fleets(name: string): Fleet[] | undefined;
  resume(): void;
  stop(): Promise<void>;
}

export function startLifecycle(kernel: Kernel, documents: Documents, programs: ProgramRegistry): Lifecycle {
  const serving = new Map<string, Fleet[]>();
  /** Fleets of running updates, with their share of the traffic. */
  const arriving = new Map<string, { fleets: Fleet[]; share: number }>();
  const working = new Set<Promise<void>>();
  const events = endpointEvents(kernel, documents);
  let stopping = false;
  const halted = new AbortController();

  const read = (name: string) => documents.get<Endpoint>("endpoint", name);
  const written = <T>(work: () => T) => retryOnStorageError(kernel.clock, () => stopping, work);

  function save(endpoint: Endpoint) {
    kernel.store.tx(() => {
      // Two changes in one millisecond must still be ordered: consumers compare this time.
      const modified = Math.max(kernel.clock.now(), (read(endpoint.name)?.modified ?? 0) + 1);
      Object.assign(endpoint, { modified });
      documents.put("endpoint", endpoint.name, endpoint.created, endpoint);
      events.changed(endpoint);
    });
  }

  function fleetsFor(endpoint: Endpoint, configName: string): Fleet[] {
    const config = documents.get<EndpointConfig>("endpoint-config", configName);
    if (!config) throw new Error(`The endpoint configuration ${configName} no longer exists.`);
    return config.variants.map((variant) => {
      const model = documents.get<Model>("model", variant.ModelName!);
      if (!model) throw new Error(`The model ${variant.ModelName} no longer exists.`);
      return createFleet(kernel, programs, endpoint.name, config, variant, model);
    });
  }

  /** Starts every variant of a config, or stops what it started and rejects. */
  async function raise(endpoint: Endpoint, configName: string): Promise<Fleet[]> {
    const fleets = fleetsFor(endpoint, configName);
    try {
      await Promise.all(fleets.map((fleet) => fleet.start()));
      const fault = kernel.fault("sagemaker:deploy", { endpoint: endpoint.name, config: configName });
      if (fault)
        throw new Error(
          fault.message ??
            "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.",
        );
      return fleets;
    } catch (error) {
      await Promise.all(fleets.map((fleet) => fleet.stop()));
      throw error;
    }
  }

  const reason = (error: unknown) =>
    (error instanceof Error ? error.message : String(error)).slice(0, FAILURE_REASON_CHARACTERS);

  async function create(endpoint: Endpoint) {
    try {
      serving.set(endpoint.name, await written(() => raise(endpoint, endpoint.config)));
      endpoint.status = "InService";
    } catch (error) {
      if (stopping) return;
      endpoint.status = "Failed";
      endpoint.failure = reason(error);
    }
    await record(endpoint);
  }

  const record = (endpoint: Endpoint) =>
    written(() => {
      if (stillWanted(endpoint)) save(endpoint);
    });

  async function update(endpoint: Endpoint) {
    const next = endpoint.nextConfig ?? endpoint.config;
    const old = serving.get(endpoint.name) ?? [];
    const shift = readTrafficShift(endpoint.deployment, capacity(old, endpoint));
    let fleets: Fleet[] = [];
    try {
      events.deploying(endpoint, "Creating");
      fleets = await written(() => raise(endpoint, next));
      await move(endpoint, fleets, shift);
      serving.set(endpoint.name, fleets);
      arriving.delete(endpoint.name);
      endpoint.config = next;
      if (!endpoint.retain?.weights) endpoint.weights = {};
      if (!endpoint.retain?.counts) delete endpoint.counts;
      delete endpoint.failure;
    } catch (error) {
      // No request may be sent to a fleet that is being stopped.
      arriving.delete(endpoint.name);
      await Promise.all(fleets.map((fleet) => fleet.stop()));
      if (stopping) return;
      endpoint.failure = reason(error);
      await record({ ...endpoint, status: "RollingBack" });
    }
    delete endpoint.nextConfig;
    delete endpoint.retain;
    endpoint.status = "InService";
    await record(endpoint);
    if (!endpoint.failure) track(endAfter(old, shift.terminationWaitMs));
  }

  /** Gives the new fleet its traffic, step by step; rejects when an alarm rings on the way. */
  async function move(
    endpoint: Endpoint,
    fleets: Fleet[],
    { shares, waitMs, limitMs, alarms }: TrafficShift,
  ) {
    const end = kernel.clock.now() + limitMs;
    for (const share of shares) {
      events.deploying(endpoint, "ActivatingTraffic");
      arriving.set(endpoint.name, { fleets, share });
      if (waitMs > 0) {
        events.deploying(endpoint, "Baking");
        await wait(waitMs);
      }
      const alarm = await findAlarm(kernel, alarms);
      if (alarm) throw new Error(`The alarm "${alarm}" is in ALARM state: the update was rolled back.`);
      if (stopping) throw new Error("The update was cut short.");
      if (kernel.clock.now() > end)
        throw new Error("The update exceeded MaximumExecutionTimeoutInSeconds: it was rolled back.");
    }
  }

  const capacity = (fleets: Fleet[], endpoint: Endpoint) =>
    fleets.reduce((sum, { variant }) => sum + (countOf(endpoint, variant) ?? 1), 0);

  /** By the clock, or until everything stops. */
  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = kernel.clock.after(ms, resolve);
      halted.signal.addEventListener("abort", () => {
        cancel();
        resolve();
      });
    });
  }

  async function endAfter(fleets: Fleet[], ms: number) {
    if (ms > 0) await wait(ms);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
  }

  async function remove(endpoint: Endpoint) {
    const fleets = serving.get(endpoint.name) ?? [];
    serving.delete(endpoint.name);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await written(() => documents.forget("endpoint", endpoint.name, endpoint.arn));
  }

  /** False when the endpoint was deleted, or is being deleted, while this step ran. */
  const stillWanted = (endpoint: Endpoint) => {
    const recorded = read(endpoint.name);
    return !stopping && recorded !== undefined && recorded.status !== "Deleting";
  };

  function track(work: Promise<void>) {
    working.add(work);
    void work
      .catch((error: unknown) => kernel.log("error", `An endpoint's deployment broke off: ${reason(error)}`))
      .finally(() => working.delete(work));
  }

  function advance(name: string) {
    const endpoint = read(name);
    if (!endpoint) return;
    if (endpoint.status === "Creating") track(create(endpoint));
    else if (endpoint.status === "Updating" || endpoint.status === "RollingBack") track(update(endpoint));
    else if (endpoint.status === "Deleting") track(remove(endpoint));
  }

  function resize(name: string) {
    const endpoint = read(name);
    for (const fleet of serving.get(name) ?? []) {
      if (endpoint && countOf(endpoint, fleet.variant) === 0) fleet.scaleToZero();
      else
        void fleet
          .start()
          .catch((error: unknown) => kernel.log("error", `Endpoint ${name}: ${reason(error)}`));
    }
  }

  return {
    advance,
    save,
    resize,
    fleets(name) {
      const next = arriving.get(name);
      return next && kernel.random() < next.share ? next.fleets : serving.get(name);
    },
    resume() {
      for (const endpoint of documents.list<Endpoint>("endpoint")) {
        if (endpoint.status === "Failed") continue;
        // Containers died with the last process: a serving endpoint starts its own again on the first request.
        if (endpoint.status !== "Creating") {
          try {
            serving.set(endpoint.name, fleetsFor(endpoint, endpoint.config));
          } catch (error) {
            kernel.log("error", `Endpoint ${endpoint.name} cannot serve: ${reason(error)}`);
          }
        }
        if (endpoint.status === "InService") resize(endpoint.name);
        else advance(endpoint.name);
      }
    },
    async stop() {
      stopping = true;
      halted.abort();
      await Promise.all([...serving.values()].flat().map((fleet) => fleet.stop()));
      while (working.size > 0) await Promise.all(working);
    },
  };
}
