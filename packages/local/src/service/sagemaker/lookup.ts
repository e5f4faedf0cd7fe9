// Finds models, endpoint configurations and endpoints by name, or throws SageMaker's error.
import type { CloudContext } from "../../kernel/service.ts";
import type { Documents } from "./records.ts";
import { arnOf, type Endpoint, type EndpointConfig, invalid, type Model } from "./shape.ts";

const WORDS = {
  model: "model",
  "endpoint-config": "endpoint configuration",
  endpoint: "endpoint",
} as const;

export function openLookup(cloud: CloudContext, documents: Documents) {
  const find = <T>(kind: keyof typeof WORDS, name: string): T => {
    const found = documents.get<T>(kind, name);
    if (!found) throw invalid(`Could not find ${WORDS[kind]} "${arnOf(cloud, kind, name)}".`);
    return found;
  };
  return {
    model: (name = "") => find<Model>("model", name),
    config: (name = "") => find<EndpointConfig>("endpoint-config", name),
    endpoint: (name = "") => find<Endpoint>("endpoint", name),
  };
}
