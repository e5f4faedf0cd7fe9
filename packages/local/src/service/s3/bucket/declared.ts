// The graph's buckets and their settings.
import { notImplemented } from "../../../kernel/error.ts";
import type { CloudContext } from "../../../kernel/service.ts";
import type { Resource } from "../../../kernel/graph.ts";
import type { S3 } from "../context.ts";
import { configure, type BucketConfig } from "./buckets.ts";

/** Without a name in the graph, the logical name in a form that S3 allows. */
const physicalName = ({ name, inputs }: Resource) =>
  typeof inputs.bucket === "string"
    ? inputs.bucket
    : name
        .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
        .toLowerCase()
        .replace(/[^a-z0-9.-]/g, "-");

function bucketAttributes(resource: Resource, cloud: CloudContext): Record<string, string> {
  const name = physicalName(resource);
  return {
    id: name,
    bucket: name,
    arn: `arn:${cloud.partition}:s3:::${name}`,
    region: cloud.region,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
  };
}

const settingAttributes = ({ inputs }: Resource): Record<string, string> => ({
  id: String(inputs.bucket),
  bucket: String(inputs.bucket),
});

type Read = (inputs: any) => BucketConfig;

/** The settings of each resource type. The provider has most types twice, with and without "V2". */
const SETTINGS: Record<string, Read> = {
  Versioning: ({ versioningConfiguration }) => ({
    versioning: versioningConfiguration?.status === "Disabled" ? undefined : versioningConfiguration?.status,
  }),
  PublicAccessBlock: (inputs) => ({
    publicAccessBlock: {
      BlockPublicAcls: inputs.blockPublicAcls ?? false,
      IgnorePublicAcls: inputs.ignorePublicAcls ?? false,
      BlockPublicPolicy: inputs.blockPublicPolicy ?? false,
      RestrictPublicBuckets: inputs.restrictPublicBuckets ?? false,
    },
  }),
  Policy: ({ policy }) => ({ policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
  CorsConfiguration: ({ corsRules }) => ({ cors: list(corsRules).map(pascal) }),
  LifecycleConfiguration: ({ rules }) => ({ lifecycle: list(rules).map(pascal) }),
  ServerSideEncryptionConfiguration: ({ rules }) => ({ encryption: { Rules: list(rules).map(pascal) } }),
  OwnershipControls: () => ({}),
  Notification(inputs) {
    for (const kind of ["lambdaFunctions", "queues", "topics"])
      if (list(inputs[kind]).length > 0)
        throw notImplemented(
          `bucket notifications to ${kind} (bucket ${inputs.bucket}): use its EventBridge notifications`,
        );
    return { eventBridge: inputs.eventbridge === true };
  },
};

const token = (name: string) => `aws:s3/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;

export const BUCKET_TYPES = ["Bucket", "BucketV2"].map(token);
const SETTING_TYPES = Object.entries(SETTINGS).flatMap(([kind, read]) =>
  [`Bucket${kind}`, `Bucket${kind}V2`].map((name) => [token(name), read] as const),
);

export const RESOURCES = {
  ...Object.fromEntries(BUCKET_TYPES.map((type) => [type, bucketAttributes])),
  ...Object.fromEntries(SETTING_TYPES.map(([type]) => [type, settingAttributes])),
};

/** Applies the graph's settings. Other settings from API calls remain. */
export function applyGraph(s3: S3) {
  const { graph, store } = s3.kernel;
  store.tx(() => {
    for (const type of BUCKET_TYPES)
      for (const bucket of graph.all(type)) configure(s3, bucket.attributes.bucket!, {});
    for (const [type, read] of SETTING_TYPES)
      for (const { inputs } of graph.all(type)) configure(s3, String(inputs.bucket), read(inputs));
  });
}

const list = (value: unknown): any[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The provider's member names differ from the API's in the first letter, and in a few acronyms. */
const RENAMED: Record<string, string> = {
  id: "ID",
  sseAlgorithm: "SSEAlgorithm",
  kmsMasterKeyId: "KMSMasterKeyID",
};

function pascal(value: any): any {
  if (Array.isArray(value)) return value.map(pascal);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      RENAMED[name] ?? name[0]!.toUpperCase() + name.slice(1),
      name === "tags"
        ? Object.entries(inner as object).map(([Key, Value]) => ({ Key, Value }))
        : pascal(inner),
    ]),
  );
}
