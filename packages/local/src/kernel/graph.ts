// The resource graph that `npm run synth` writes to infra/cloud.lock.json: every resource SST would create.
// Strings may contain references, `${UploadsBucket.arn}`: an attribute of the named resource.
// `${aws.region}`, `${aws.account}` and `${aws.partition}` are properties of the cloud.

export interface Graph {
  version: 1;
  app: string;
  stage: string;
  resources: Resource[];
  /** How to run each function from source. Keyed by the function's resource name. */
  functions: Record<string, FunctionSource>;
  /** All links, for programs other than functions (absent in small graphs). */
  links?: FunctionSource["links"];
}

export interface Resource {
  /** The logical name, unique in the graph. */
  name: string;
  /** The Pulumi type token, e.g. "aws:sqs/queue:Queue". */
  type: string;
  inputs: Record<string, unknown>;
}

export interface FunctionSource {
  /** File and export, from the project's root: "packages/functions/src/queue/infer.handler". */
  handler: string;
  /** The properties of `Resource.<Name>` in the function, by link name (references allowed), with `type`. */
  links: Record<string, Record<string, unknown>>;
}

/** A resource with every reference in its inputs resolved, and its own attributes (arn, id, name, url ...). */
export interface ResolvedResource<Inputs = any> {
  name: string;
  type: string;
  inputs: Inputs;
  attributes: Record<string, string>;
}

export interface ResolvedGraph {
  app: string;
  stage: string;
  /** The resources of one Pulumi type, in the graph's order. */
  all<Inputs = any>(type: string): ResolvedResource<Inputs>[];
  find<Inputs = any>(name: string): ResolvedResource<Inputs> | undefined;
  functions: Record<string, FunctionSource>;
  links: FunctionSource["links"];
}
