// A service's operations and errors, read from the schemas that its SDK client exports. These exports are semi-public, so
// versions are pinned and the result is checked.
import { NormalizedSchema } from "@smithy/core/schema";
import type { WireService } from "./catalog.ts";
import { compileRoute, type Route } from "./route.ts";

export interface ModelledOperation {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Present for REST services. */
  route?: Route;
}

export interface ModelledError {
  schema: NormalizedSchema;
  status?: number;
  /** The code of the query protocol, where it differs. */
  queryCode?: string;
}

export interface Model {
  operations: Map<string, ModelledOperation>;
  errors: Map<string, ModelledError>;
}

// Positions and tags of the SDK's schema literals: [tag, namespace, name, traits, input, output].
const OPERATION = 9;
const ERROR = -3;

export async function loadModel(entry: WireService): Promise<Model> {
  const exports = Object.values(await entry.load());
  const model: Model = { operations: new Map(), errors: new Map() };
  for (const found of exports) {
    if (!Array.isArray(found)) continue;
    const [tag, , name, traits] = found as [number, string, string, Record<string, any>];
    if (tag === OPERATION) model.operations.set(name, readOperation(entry, found));
    if (tag === ERROR)
      model.errors.set(name, {
        schema: NormalizedSchema.of(found as never),
        status: traits.httpError,
        queryCode: traits.awsQueryError?.[0],
      });
  }
  check(entry, model);
  return model;
}

function readOperation(entry: WireService, found: any): ModelledOperation {
  const [, , name, traits, input, output] = found;
  const operation: ModelledOperation = {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  };
  if (traits?.http && entry.protocol.startsWith("rest"))
    operation.route = compileRoute(operation, traits.http);
  return operation;
}

function check(entry: WireService, { operations }: Model) {
  const first = operations.values().next().value;
  const usable = first && (first.input.isStructSchema() || first.input.isUnitSchema());
  const routed = !entry.protocol.startsWith("rest") || first?.route;
  if (usable && routed) return;
  throw new Error(
    `The AWS SDK's client for ${entry.service} no longer exports its schemas in the form the wire layer reads. ` +
      "Use the @aws-sdk versions pinned in packages/local/package.json.",
  );
}
