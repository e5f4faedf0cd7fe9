// An endpoint's life: creating -> in service | failed; updating -> in service, with the new config or rolled back to the
// old one; deleting -> gone. Each step is committed with the event it emits; a step cut short is taken up again.
import type { Kernel } from "../../kernel/service.ts";
import { endpointEvents } from "./events.ts";
import { type Fleet, makeFleet } from "./fleet.ts";
import { FAILURE_REASON_CHARACTERS } from "./limits.ts";
import type { Documents } from "./records.ts";
import type { Endpoint, EndpointConfig, Model } from "./shape.ts";

export interface Lifecycle {
  /** Moves on from the endpoint's recorded status; call after writing Creating, Updating or Deleting. */
  advance(name: string): void;
  save(endpoint: Endpoint): void;
  fleets(name: string): Fleet[] | undefined;
  resume(): void;
  stop(): Promise<void>;
}

export function startLifecycle(kernel: Kernel, documents: Documents): Lifecycle {
  const serving = new Map<string, Fleet[]>();
  const working = new Set<Promise<void>>();
  const events = endpointEvents(kernel, documents);
  let stopping = false;

  const read = (name: string) => documents.get<Endpoint>("endpoint", name);

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
      return makeFleet(kernel, endpoint.name, config, variant, model);
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
      serving.set(endpoint.name, await raise(endpoint, endpoint.config));
      endpoint.status = "InService";
    } catch (error) {
      if (stopping) return;
      endpoint.status = "Failed";
      endpoint.failure = reason(error);
    }
    if (stillWanted(endpoint)) save(endpoint);
  }

  async function update(endpoint: Endpoint) {
    const next = endpoint.nextConfig ?? endpoint.config;
    const old = serving.get(endpoint.name) ?? [];
    try {
      events.deploying(endpoint, "Creating");
      const fleets = await raise(endpoint, next);
      events.deploying(endpoint, "ActivatingTraffic");
      serving.set(endpoint.name, fleets);
      endpoint.config = next;
      endpoint.weights = {};
      delete endpoint.failure;
    } catch (error) {
      if (stopping) return;
      endpoint.failure = reason(error);
      if (stillWanted(endpoint)) save({ ...endpoint, status: "RollingBack" });
    }
    delete endpoint.nextConfig;
    endpoint.status = "InService";
    if (stillWanted(endpoint)) save(endpoint);
    if (!endpoint.failure) await Promise.all(old.map((fleet) => fleet.stop()));
  }

  async function remove(endpoint: Endpoint) {
    const fleets = serving.get(endpoint.name) ?? [];
    serving.delete(endpoint.name);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    documents.forget("endpoint", endpoint.name, endpoint.arn);
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

  return {
    advance,
    save,
    fleets: (name) => serving.get(name),
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
        if (endpoint.status === "InService")
          for (const fleet of serving.get(endpoint.name) ?? [])
            void fleet
              .start()
              .catch((error: unknown) => kernel.log("error", `Endpoint ${endpoint.name}: ${reason(error)}`));
        else advance(endpoint.name);
      }
    },
    async stop() {
      stopping = true;
      await Promise.all([...serving.values()].flat().map((fleet) => fleet.stop()));
      await Promise.all(working);
    },
  };
}
