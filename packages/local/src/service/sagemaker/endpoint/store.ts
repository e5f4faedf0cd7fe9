// Endpoint records. Each change is committed together with the event that reports it.
import type { Kernel } from "../../../kernel/service.ts";
import type { Documents } from "../records.ts";
import type { Endpoint } from "../shape.ts";
import type { EndpointEvents } from "./events.ts";

export function openEndpointStore({ store, clock }: Kernel, documents: Documents, events: EndpointEvents) {
  const find = (name: string) => documents.get<Endpoint>("endpoint", name);
  return {
    find,
    list: () => documents.list<Endpoint>("endpoint"),
    save(endpoint: Endpoint) {
      store.tx(() => {
        // Two changes in one millisecond must still be ordered: consumers compare this time.
        const modified = Math.max(clock.now(), (find(endpoint.name)?.modified ?? 0) + 1);
        const saved = { ...endpoint, modified };
        documents.put("endpoint", saved.name, saved.created, saved);
        events.changed(saved);
      });
    },
    remove: ({ name, arn }: Endpoint) => documents.forget("endpoint", name, arn),
  };
}
