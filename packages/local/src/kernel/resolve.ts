// Replaces references in the graph with values, lazily: unused resources are never resolved. The plugin that owns a
// type computes its attributes from the resource's inputs.
import type { Graph, ResolvedGraph, ResolvedResource, Resource } from "./graph.ts";
import type { CloudContext, Plugin } from "./service.ts";

const REFERENCE = /\$\{([\w-]+)\.([\w.-]+)\}/g;

export class GraphError extends Error {
  readonly code = "GRAPH_INVALID";
  override name = "GraphError";
}

export function resolveGraph(graph: Graph, plugins: Plugin[], cloud: CloudContext): ResolvedGraph {
  const byName = indexByName(graph);
  const owners = new Map(
    plugins.flatMap((plugin) =>
      Object.entries(plugin.resources).map(([type, attributes]) => [type, attributes]),
    ),
  );
  const cache = new Map<string, ResolvedResource>();
  const inProgress: string[] = [];

  const resolveResource = (resource: Resource): ResolvedResource => {
    const known = cache.get(resource.name);
    if (known) return known;
    if (inProgress.includes(resource.name)) {
      const cycle = [...inProgress.slice(inProgress.indexOf(resource.name)), resource.name].join(" -> ");
      throw new GraphError(`The resource graph has a cycle: ${cycle}. Break one of these references.`);
    }
    inProgress.push(resource.name);
    try {
      const inputs = resolveValue(resource.inputs, `${resource.name}.inputs`) as Record<string, unknown>;
      const attributes = owners.get(resource.type)?.({ ...resource, inputs }, cloud) ?? {};
      const resolved = { name: resource.name, type: resource.type, inputs, attributes };
      cache.set(resource.name, resolved);
      return resolved;
    } finally {
      inProgress.pop();
    }
  };

  const attribute = (name: string, key: string, where: string): string => {
    if (name === "aws") {
      const value = (cloud as unknown as Record<string, string>)[key];
      if (value !== undefined) return value;
      throw new GraphError(
        `${where} refers to \${aws.${key}}: only region, account and partition are known.`,
      );
    }
    const resource = byName.get(name);
    if (!resource)
      throw new GraphError(`${where} refers to \${${name}.${key}}, but the graph has no resource "${name}".`);
    const { attributes, inputs } = resolveResource(resource);
    const value = attributes[key] ?? inputs[key];
    if (typeof value === "string") return value;
    throw new GraphError(
      `${where} refers to \${${name}.${key}}: the embedded AWS knows no attribute "${key}" of a ${resource.type}` +
        ` (it has: ${Object.keys(attributes).join(", ") || "none"}).`,
    );
  };

  const resolveValue = (value: unknown, where: string): unknown => {
    if (typeof value === "string")
      return value.replace(REFERENCE, (_, name: string, key: string) => attribute(name, key, where));
    if (Array.isArray(value)) return value.map((item, index) => resolveValue(item, `${where}[${index}]`));
    if (value && typeof value === "object")
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, resolveValue(item, `${where}.${key}`)]),
      );
    return value;
  };

  let functions: ResolvedGraph["functions"] | undefined;
  return {
    app: graph.app,
    stage: graph.stage,
    all: (type) => graph.resources.filter((resource) => resource.type === type).map(resolveResource),
    find(name) {
      const resource = byName.get(name);
      return resource && resolveResource(resource);
    },
    get functions() {
      functions ??= resolveValue(graph.functions, "functions") as ResolvedGraph["functions"];
      return functions;
    },
    get links() {
      return resolveValue(graph.links ?? {}, "links") as ResolvedGraph["links"];
    },
  };
}

function indexByName(graph: Graph) {
  const byName = new Map<string, Resource>();
  for (const resource of graph.resources) {
    if (byName.has(resource.name))
      throw new GraphError(`The graph has two resources named "${resource.name}". Names must be unique.`);
    byName.set(resource.name, resource);
  }
  return byName;
}
