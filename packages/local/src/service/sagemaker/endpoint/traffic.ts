// Which fleets serve an endpoint. During an update, the new fleets receive a growing share of its requests.
import { delay } from "../../../kernel/clock.ts";
import type { Kernel } from "../../../kernel/service.ts";
import type { Endpoint } from "../shape.ts";
import { findAlarm, type TrafficShift } from "./deployment.ts";
import type { EndpointEvents } from "./events.ts";
import type { Fleet } from "./fleet.ts";

export type Traffic = ReturnType<typeof openTraffic>;

export function openTraffic(kernel: Kernel, events: EndpointEvents, stopping: AbortSignal) {
  const current = new Map<string, Fleet[]>();
  /** The fleets of running updates, with their share of the requests. */
  const updates = new Map<string, { fleets: Fleet[]; share: number }>();
  /** The fleets that serve the endpoint, without those of a running update. */
  const serving = (endpoint: string) => current.get(endpoint) ?? [];

  return {
    serving,
    /** Sends all requests to these fleets. */
    serve(endpoint: string, fleets: Fleet[]) {
      current.set(endpoint, fleets);
      updates.delete(endpoint);
    },
    /** The fleets for the next request; undefined when the endpoint does not serve. */
    choose(endpoint: string) {
      const update = updates.get(endpoint);
      return update && kernel.random() < update.share ? update.fleets : current.get(endpoint);
    },
    /** Moves traffic to `fleets` step by step. Rejects when an alarm fires, time runs out or the cloud stops. */
    async shift(endpoint: Endpoint, fleets: Fleet[], { shares, waitMs, limitMs, alarms }: TrafficShift) {
      const end = kernel.clock.now() + limitMs;
      for (const share of shares) {
        events.deploying(endpoint, "ActivatingTraffic");
        updates.set(endpoint.name, { fleets, share });
        if (waitMs > 0) {
          events.deploying(endpoint, "Baking");
          await delay(kernel.clock, waitMs, stopping);
        }
        const alarm = await findAlarm(kernel, alarms);
        if (alarm) throw new Error(`The alarm "${alarm}" is in ALARM state: the update was rolled back.`);
        if (stopping.aborted) throw new Error("The update was interrupted.");
        if (kernel.clock.now() > end)
          throw new Error("The update exceeded MaximumExecutionTimeoutInSeconds: it was rolled back.");
      }
    },
    /** Sends no more requests to the fleets of an update. */
    endShift: (endpoint: string) => void updates.delete(endpoint),
    /** Removes the endpoint and returns its fleets. */
    remove(endpoint: string) {
      const fleets = serving(endpoint);
      current.delete(endpoint);
      return fleets;
    },
    all: () => [...current.values()].flat(),
  };
}
