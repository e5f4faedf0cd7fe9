// An endpoint's states: Creating -> InService | Failed; Updating -> InService, with the new or the old configuration;
// Deleting -> removed. A transition that was interrupted starts again with the next run.
import { raceAbort } from "../../../kernel/abort.ts";
import { delay } from "../../../kernel/clock.ts";
import { retryOnStorageError } from "../../../kernel/disk.ts";
import type { Kernel } from "../../../kernel/service.ts";
import type { ProgramRegistry } from "../images.ts";
import { FAILURE_REASON_CHARACTERS } from "../limits.ts";
import type { Documents } from "../records.ts";
import type { Endpoint } from "../shape.ts";
import { readTrafficShift, type TrafficShift } from "./deployment.ts";
import { endpointEvents } from "./events.ts";
import type { Fleet } from "./fleet.ts";
import { openFleets, stopFleets } from "./fleets.ts";
import { openEndpointStore } from "./store.ts";
import { openTraffic } from "./traffic.ts";
import { countOf } from "./variant.ts";

export type Lifecycle = ReturnType<typeof startLifecycle>;

export function startLifecycle(kernel: Kernel, documents: Documents, programs: ProgramRegistry) {
  const stopping = new AbortController();
  const events = endpointEvents(kernel, documents);
  const endpoints = openEndpointStore(kernel, documents, events);
  const fleets = openFleets(kernel, documents, programs);
  const traffic = openTraffic(kernel, events, stopping.signal);
  const working = new Set<Promise<void>>();
  const isStopping = () => stopping.signal.aborted;
  const write = <T>(work: () => T) => retryOnStorageError(kernel.clock, isStopping, work);

  /** Saves nothing when the endpoint was deleted, or is being deleted, during the transition. */
  const saveUnlessDeleted = (endpoint: Endpoint) =>
    write(() => {
      const current = endpoints.find(endpoint.name);
      if (!isStopping() && current && current.status !== "Deleting") endpoints.save(endpoint);
    });

  async function create(endpoint: Endpoint) {
    try {
      traffic.serve(endpoint.name, await write(() => fleets.start(endpoint, endpoint.config)));
    } catch (error) {
      if (isStopping()) return;
      return saveUnlessDeleted({ ...endpoint, status: "Failed", failure: reasonOf(error) });
    }
    return saveUnlessDeleted({ ...endpoint, status: "InService" });
  }

  async function update(endpoint: Endpoint) {
    const old = traffic.serving(endpoint.name);
    const shift = readTrafficShift(endpoint.deployment, instanceCount(endpoint, old));
    const failure = await replaceFleets(endpoint, shift);
    if (failure === undefined) {
      await saveUnlessDeleted(updated(endpoint));
      track(stopAfter(old, shift.terminationWaitMs));
    } else if (!isStopping()) {
      const { nextConfig: _config, retain: _retain, ...previous } = endpoint;
      await saveUnlessDeleted({ ...endpoint, failure, status: "RollingBack" });
      await saveUnlessDeleted({ ...previous, failure, status: "InService" });
    }
  }

  /** Starts the next configuration and moves the traffic to it. Returns why it failed; the old fleets then still serve. */
  async function replaceFleets(endpoint: Endpoint, shift: TrafficShift): Promise<string | undefined> {
    let started: Fleet[] = [];
    try {
      events.deploying(endpoint, "Creating");
      started = await write(() => fleets.start(endpoint, endpoint.nextConfig ?? endpoint.config));
      await traffic.shift(endpoint, started, shift);
      traffic.serve(endpoint.name, started);
      return undefined;
    } catch (error) {
      // No request may be sent to a fleet that is being stopped.
      traffic.endShift(endpoint.name);
      await stopFleets(started);
      return reasonOf(error);
    }
  }

  async function stopAfter(old: Fleet[], ms: number) {
    if (ms > 0) await delay(kernel.clock, ms, stopping.signal);
    // Requests that an old fleet accepted before the switch are still its own.
    await raceAbort(Promise.all(old.map((fleet) => fleet.whenIdle())), stopping.signal);
    await stopFleets(old);
  }

  async function remove(endpoint: Endpoint) {
    await stopFleets(traffic.remove(endpoint.name));
    await write(() => endpoints.remove(endpoint));
  }

  function track(work: Promise<void>) {
    working.add(work);
    void work
      .catch((error: unknown) => kernel.log("error", `An endpoint's deployment failed: ${reasonOf(error)}`))
      .finally(() => working.delete(work));
  }

  /** Starts the transition that the recorded status requires. Call it after saving Creating, Updating or Deleting. */
  function advance(name: string) {
    const endpoint = endpoints.find(name);
    if (!endpoint) return;
    if (endpoint.status === "Creating") track(create(endpoint));
    else if (endpoint.status === "Updating" || endpoint.status === "RollingBack") track(update(endpoint));
    else if (endpoint.status === "Deleting") track(remove(endpoint));
  }

  /** Starts or stops containers after the number of instances changed. */
  function resize(name: string) {
    const endpoint = endpoints.find(name);
    for (const fleet of traffic.serving(name)) {
      if (endpoint && countOf(endpoint, fleet.variant) === 0) fleet.scaleToZero();
      else
        void fleet
          .start()
          .catch((error: unknown) => kernel.log("error", `Endpoint ${name}: ${reasonOf(error)}`));
    }
  }

  /** The containers ended with the last process. Each starts again on `resize` or on its first request. */
  function restoreFleets(endpoint: Endpoint) {
    try {
      traffic.serve(endpoint.name, fleets.create(endpoint, endpoint.config));
    } catch (error) {
      kernel.log("error", `Endpoint ${endpoint.name} cannot serve: ${reasonOf(error)}`);
    }
  }

  return {
    advance,
    save: endpoints.save,
    resize,
    /** The fleets for the next request. */
    fleets: traffic.choose,
    resume() {
      for (const endpoint of endpoints.list()) {
        if (endpoint.status === "Failed") continue;
        if (endpoint.status !== "Creating") restoreFleets(endpoint);
        if (endpoint.status === "InService") resize(endpoint.name);
        else advance(endpoint.name);
      }
    },
    async stop() {
      stopping.abort();
      await stopFleets(traffic.all());
      while (working.size > 0) await Promise.all(working);
    },
  };
}

/** The endpoint after a successful update. Weights and counts start over, unless the update retains them. */
function updated({ nextConfig, retain, failure: _, weights, counts, ...rest }: Endpoint): Endpoint {
  return {
    ...rest,
    config: nextConfig ?? rest.config,
    weights: retain?.weights ? weights : {},
    ...(retain?.counts && counts && { counts }),
    status: "InService",
  };
}

const instanceCount = (endpoint: Endpoint, fleets: Fleet[]) =>
  fleets.reduce((sum, { variant }) => sum + (countOf(endpoint, variant) ?? 1), 0);

const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).slice(0, FAILURE_REASON_CHARACTERS);
