// Operations on buckets themselves and on their settings.
import { AwsError, notImplemented } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import type { S3 } from "../context.ts";
import { malformed } from "../errors.ts";
import {
  configure,
  createBucket,
  deleteBucket,
  getBucket,
  listBuckets,
  type BucketConfig,
} from "./buckets.ts";

export function bucketOperations(s3: S3): Record<string, Operation> {
  const { region, account } = s3.kernel.cloud;

  /** Returns the setting, or throws S3's error for a missing one. */
  const setting = <Name extends keyof BucketConfig>(
    bucket: string,
    name: Name,
    code: string,
    message: string,
  ) => {
    const value = getBucket(s3, bucket).config[name];
    if (value === undefined)
      throw new AwsError(code, message, { status: 404, fields: { BucketName: bucket } });
    return value as NonNullable<BucketConfig[Name]>;
  };
  const set = (bucket: string, changes: BucketConfig) => {
    getBucket(s3, bucket);
    configure(s3, bucket, changes);
    return {};
  };

  return {
    CreateBucket({ Bucket }) {
      createBucket(s3, Bucket);
      return { Location: `/${Bucket}` };
    },
    DeleteBucket({ Bucket }) {
      deleteBucket(s3, Bucket);
      return {};
    },
    HeadBucket({ Bucket }) {
      getBucket(s3, Bucket);
      return { BucketRegion: region };
    },
    ListBuckets({ Prefix = "" }) {
      const Buckets = listBuckets(s3)
        .filter(({ name }) => name.startsWith(Prefix))
        .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created), BucketRegion: region }));
      return { Buckets, Owner: { ID: account } };
    },
    GetBucketLocation({ Bucket }) {
      getBucket(s3, Bucket);
      // S3 omits the location for us-east-1.
      return region === "us-east-1" ? {} : { LocationConstraint: region };
    },
    GetBucketVersioning: ({ Bucket }) => ({ Status: getBucket(s3, Bucket).config.versioning }),
    PutBucketVersioning({ Bucket, VersioningConfiguration }) {
      const status = VersioningConfiguration?.Status;
      if (status !== "Enabled" && status !== "Suspended")
        throw malformed("Status must be Enabled or Suspended");
      return set(Bucket, { versioning: status });
    },
    GetBucketNotificationConfiguration: ({ Bucket }) =>
      getBucket(s3, Bucket).config.eventBridge ? { EventBridgeConfiguration: {} } : {},
    PutBucketNotificationConfiguration({ Bucket, NotificationConfiguration = {} }) {
      for (const kind of ["LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"])
        if (NotificationConfiguration[kind]?.length) throw notImplemented(`bucket notifications by ${kind}`);
      return set(Bucket, { eventBridge: NotificationConfiguration.EventBridgeConfiguration !== undefined });
    },
    GetBucketCors: ({ Bucket }) => ({
      CORSRules: setting(Bucket, "cors", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    }),
    PutBucketCors({ Bucket, CORSConfiguration }) {
      const rules = CORSConfiguration?.CORSRules ?? [];
      if (rules.length === 0 || rules.length > 100)
        throw malformed("between 1 and 100 CORS rules are needed");
      return set(Bucket, { cors: rules });
    },
    DeleteBucketCors: ({ Bucket }) => set(Bucket, { cors: undefined }),
    GetBucketLifecycleConfiguration: ({ Bucket }) => ({
      Rules: revive(
        setting(
          Bucket,
          "lifecycle",
          "NoSuchLifecycleConfiguration",
          "The lifecycle configuration does not exist",
        ),
      ),
    }),
    PutBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration }) {
      const rules = LifecycleConfiguration?.Rules ?? [];
      if (rules.length === 0 || rules.length > 1000) throw malformed("between 1 and 1000 rules are needed");
      return set(Bucket, { lifecycle: rules });
    },
    DeleteBucketLifecycle: ({ Bucket }) => set(Bucket, { lifecycle: undefined }),
    GetBucketPolicy: ({ Bucket }) => ({
      Policy: setting(Bucket, "policy", "NoSuchBucketPolicy", "The bucket policy does not exist"),
    }),
    PutBucketPolicy({ Bucket, Policy }) {
      try {
        JSON.parse(Policy);
      } catch (cause) {
        throw new AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", {
          cause,
        });
      }
      return set(Bucket, { policy: Policy });
    },
    DeleteBucketPolicy: ({ Bucket }) => set(Bucket, { policy: undefined }),
    GetPublicAccessBlock: ({ Bucket }) => ({
      PublicAccessBlockConfiguration: setting(
        Bucket,
        "publicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
      ),
    }),
    PutPublicAccessBlock: ({ Bucket, PublicAccessBlockConfiguration }) =>
      set(Bucket, { publicAccessBlock: PublicAccessBlockConfiguration }),
    DeletePublicAccessBlock: ({ Bucket }) => set(Bucket, { publicAccessBlock: undefined }),
    GetBucketEncryption: ({ Bucket }) => ({
      // Every bucket is encrypted by default.
      ServerSideEncryptionConfiguration: getBucket(s3, Bucket).config.encryption ?? {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
      },
    }),
    PutBucketEncryption: ({ Bucket, ServerSideEncryptionConfiguration }) =>
      set(Bucket, { encryption: ServerSideEncryptionConfiguration }),
    GetBucketTagging: ({ Bucket }) => ({
      TagSet: setting(Bucket, "tags", "NoSuchTagSet", "The TagSet does not exist"),
    }),
    PutBucketTagging: ({ Bucket, Tagging }) => set(Bucket, { tags: Tagging?.TagSet ?? [] }),
    DeleteBucketTagging: ({ Bucket }) => set(Bucket, { tags: undefined }),
  };
}

/** Settings are stored as JSON: convert dates. */
function revive(rules: any[]) {
  const dated = (part: any) => (part?.Date ? { ...part, Date: new Date(part.Date) } : part);
  return rules.map((rule) => ({
    ...rule,
    ...(rule.Expiration && { Expiration: dated(rule.Expiration) }),
    ...(rule.Transitions && { Transitions: rule.Transitions.map(dated) }),
  }));
}
