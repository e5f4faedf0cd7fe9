// A function's definition: read from the graph once.
import type { Kernel } from "../../kernel/service.ts";
import type { ResolvedResource } from "../../kernel/graph.ts";
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_S } from "./limits.ts";

export const FUNCTION = "aws:lambda/function:Function";

export interface Definition {
  /** The resource's logical name in the graph. */
  resource: string;
  name: string;
  arn: string;
  role: string;
  /** "packages/x/src/file.export", from the project's root; absent when the graph has no source for it. */
  handler?: string;
  links: Record<string, Record<string, unknown>>;
  environment: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
  /** Changed by PutFunctionConcurrency until the next start, which deploys the graph again. */
  reserved?: number | undefined;
  description?: string;
  architecture: string;
  logFormat: "Text" | "JSON";
  logGroup: string;
  deadLetterArn?: string;
}

interface FunctionInputs {
  name?: string;
  role?: string;
  description?: string;
  timeout?: number;
  memorySize?: number;
  reservedConcurrentExecutions?: number;
  architectures?: string[];
  environment?: { variables?: Record<string, string> };
  loggingConfig?: { logFormat?: "Text" | "JSON"; logGroup?: string };
  deadLetterConfig?: { targetArn?: string };
}

// For decrypting links in SST's deployed bundles. Here links are plain SST_RESOURCE_* variables.
const ENCRYPTED_LINKS = new Set(["SST_KEY", "SST_KEY_FILE"]);

export function readDefinitions(kernel: Kernel): Definition[] {
  return kernel.graph.all<FunctionInputs>(FUNCTION).map((resource) => read(kernel, resource));
}

function read(
  kernel: Kernel,
  { name: resource, inputs, attributes }: ResolvedResource<FunctionInputs>,
): Definition {
  const source = kernel.graph.functions[resource];
  const name = attributes.name ?? resource;
  const variables = Object.entries(inputs.environment?.variables ?? {});
  const reserved = inputs.reservedConcurrentExecutions;
  return {
    resource,
    name,
    arn: attributes.arn ?? "",
    role: inputs.role ?? "",
    handler: source?.handler,
    links: source?.links ?? {},
    environment: Object.fromEntries(
      variables.filter(([key]) => !ENCRYPTED_LINKS.has(key)).map(([key, value]) => [key, String(value)]),
    ),
    timeoutMs: (inputs.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
    memoryMb: inputs.memorySize ?? DEFAULT_MEMORY_MB,
    reserved: reserved === undefined || reserved < 0 ? undefined : reserved,
    description: inputs.description,
    architecture: inputs.architectures?.[0] ?? "x86_64",
    logFormat: inputs.loggingConfig?.logFormat ?? "Text",
    logGroup: inputs.loggingConfig?.logGroup ?? `/aws/lambda/${name}`,
    deadLetterArn: inputs.deadLetterConfig?.targetArn,
  };
}

/** The name in a FunctionName parameter: a name, a full or partial ARN, with or without `:$LATEST`. */
export function nameOf(reference: string): string {
  const parts = reference.split(":");
  const at = parts.lastIndexOf("function");
  return (at >= 0 ? parts[at + 1] : parts[0]) ?? reference;
}
