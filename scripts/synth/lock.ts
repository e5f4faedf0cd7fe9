// Converts an evaluation to the committed graph: sorted, with references, and equal on every machine.
import { readFileSync, writeFileSync } from "node:fs";
import type { Graph, Resource } from "@sluice/local/kernel/graph.ts";
import type { Evaluation } from "./evaluate.ts";
import { lockFile, root, stage } from "./project.ts";
import { sourcesDigest } from "./sources.ts";
import { symbolic } from "./tokens.ts";

export interface Lock extends Graph {
  /** Digest of what this was made from. */
  sources: string;
  /** What `Resource` may answer, linked to a function or not: for tools outside, as in `sst shell`. */
  links: Record<string, Record<string, unknown>>;
}

/** How SST ships a function's code. The graph names the handler instead, and the links in the open. */
const PACKAGING = new Set(["aws:s3/bucketObjectv2:BucketObjectv2", "random:index/randomBytes:RandomBytes"]);

export function toLock({ app, resources, functions, suffix }: Evaluation): Lock {
  const clean = <T>(value: T) => cleaned(value, suffix) as T;
  const kept = resources.filter(({ type }) => !/^(sst|pulumi):/.test(type) && !PACKAGING.has(type));
  const duplicate = kept.find(({ name }, index) => kept.findIndex((other) => other.name === name) !== index);
  if (duplicate) {
    throw new Error(
      `Two resources are named ${duplicate.name}. Rename one in infra/, because references use names.`,
    );
  }
  return {
    version: 1,
    sources: sourcesDigest(),
    app,
    stage,
    resources: kept
      .map(({ name, type, inputs }) => ({ name, type, inputs: clean(SPECIAL[type]?.(inputs) ?? inputs) }))
      .toSorted(byKey((resource) => resource.name)),
    links: Object.fromEntries(linkables(resources).map(([name, properties]) => [name, clean(properties)])),
    functions: Object.fromEntries(
      functions
        .map(
          ({ functionID, handler, links }) =>
            [`${functionID}Function`, { handler, links: clean(links) }] as const,
        )
        .toSorted(byKey(([name]) => name)),
    ),
  };
}

/** infra/ links by `sst.Linkable` alone; of SST's own components the links grant too much. */
function linkables(resources: Resource[]): [string, Resource["inputs"]][] {
  return resources
    .filter(({ type }) => type === "sst:sst:Linkable")
    .map(({ name }) => {
      const ref = resources.find(
        (other) => other.type === "sst:sst:LinkRef" && other.name === `${name}LinkRef`,
      );
      const link = ref?.inputs["properties"] as Resource["inputs"];
      return [name, { ...link, type: "sst.sst.Linkable" }] satisfies [string, Resource["inputs"]];
    })
    .toSorted(byKey(([name]) => name));
}

export const serialise = (lock: Lock) => `${JSON.stringify(lock, null, 2)}\n`;

export function readLock(): Lock | undefined {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")) as Lock;
  } catch {
    return undefined;
  }
}

export const writeLock = (lock: Lock) => writeFileSync(lockFile, serialise(lock));

type Inputs = Resource["inputs"];

/** Types whose inputs hold something the graph says otherwise, or that only a deploy knows. */
const SPECIAL: Record<string, (inputs: Inputs) => Inputs> = {
  "aws:lambda/function:Function"({ s3Bucket: _bucket, s3Key: _key, environment, ...rest }) {
    const {
      SST_KEY: _secret,
      SST_KEY_FILE: _file,
      ...variables
    } = (environment as { variables: Inputs }).variables as Inputs;
    return { ...rest, environment: { variables } };
  },
  // The provider makes documents out of objects.
  "aws:iam/role:Role": ({ assumeRolePolicy: policy, ...rest }) => ({
    ...rest,
    assumeRolePolicy: typeof policy === "string" ? policy : JSON.stringify(policy),
  }),
  "docker-build:index:Image": ({ registries: _login, ...rest }) => rest,
};

/** Keys sorted, absent values dropped, tokens made references, SST's random letters and this machine's paths taken off. */
function cleaned(value: unknown, suffix: string): unknown {
  if (typeof value === "string") {
    // A link's type comes with its parent's, which only the mocks' stack has.
    return symbolic(value).replaceAll(suffix, "").replaceAll(root, ".").replace("pulumi.pulumi.Stack$", "");
  }
  if (Array.isArray(value)) return value.map((item) => cleaned(item, suffix));
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value) return cleaned((value as { value?: unknown }).value, suffix);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .toSorted(byKey(([key]) => key))
      .map(([key, item]) => [key, cleaned(item, suffix)]),
  );
}

/** Marks a secret value in Pulumi's wire format. */
const SECRET = "4dabf18193072939515e22adb298388d";

const byKey =
  <T>(key: (item: T) => string) =>
  (a: T, b: T) =>
    key(a) < key(b) ? -1 : 1;
