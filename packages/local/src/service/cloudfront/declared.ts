// The distributions of the graph: the bucket of each, and the response headers it adds.
import type { ResolvedGraph } from "../../kernel/graph.ts";
import { GraphError } from "../../kernel/resolve.ts";
import { BUCKET_TYPES } from "../s3/bucket/declared.ts";

export const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
export const ORIGIN_ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl";
export const HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
export const PREFIX = "/_site/";

export interface Distribution {
  name: string;
  bucket: string;
  /** The key of `/`. */
  rootObject: string | undefined;
  headers: Record<string, string>;
}

interface Inputs {
  defaultRootObject?: string;
  origins: Array<{ originId: string; domainName: string }>;
  defaultCacheBehavior: {
    targetOriginId: string;
    responseHeadersPolicyId?: string;
    functionAssociations?: unknown[];
  };
  orderedCacheBehaviors?: unknown[];
  customErrorResponses?: unknown[];
}

export function readDistributions(graph: ResolvedGraph): Map<string, Distribution> {
  const policies = new Map(
    graph.all<HeadersInputs>(HEADERS).map(({ name, inputs }) => [name, headersOf(inputs)]),
  );
  const buckets = new Map(
    BUCKET_TYPES.flatMap((type) => graph.all(type)).map(({ attributes }) => [
      attributes.bucketRegionalDomainName,
      attributes.bucket!,
    ]),
  );
  return new Map(
    graph.all<Inputs>(DISTRIBUTION).map(({ name, inputs }) => {
      const { targetOriginId, responseHeadersPolicyId, functionAssociations } = inputs.defaultCacheBehavior;
      for (const [what, there] of Object.entries({
        "functions at the edge": functionAssociations,
        "more cache behaviors": inputs.orderedCacheBehaviors,
        "custom error responses": inputs.customErrorResponses,
      }))
        if (there?.length)
          throw new GraphError(`${name} has ${what}: the embedded AWS serves a bucket's files only.`);
      const origin = inputs.origins.find(({ originId }) => originId === targetOriginId);
      const bucket = buckets.get(origin?.domainName ?? "");
      if (!bucket)
        throw new GraphError(
          `${name} shows ${origin?.domainName}: the embedded AWS serves buckets of this graph only.`,
        );
      const headers = policies.get(responseHeadersPolicyId ?? "") ?? {};
      return [name, { name, bucket, rootObject: inputs.defaultRootObject, headers }];
    }),
  );
}

interface HeadersInputs {
  securityHeadersConfig?: {
    contentSecurityPolicy?: { contentSecurityPolicy: string };
    contentTypeOptions?: object;
    frameOptions?: { frameOption: string };
    referrerPolicy?: { referrerPolicy: string };
    strictTransportSecurity?: object;
  };
  customHeadersConfig?: { items: Array<{ header: string; value: string }> };
}

/** Strict-Transport-Security is left out: browsers ignore it without TLS. */
function headersOf({ securityHeadersConfig: security, customHeadersConfig: custom }: HeadersInputs) {
  const all: Record<string, string | undefined> = {
    "content-security-policy": security?.contentSecurityPolicy?.contentSecurityPolicy,
    "x-content-type-options": security?.contentTypeOptions && "nosniff",
    "x-frame-options": security?.frameOptions?.frameOption,
    "referrer-policy": security?.referrerPolicy?.referrerPolicy,
    ...Object.fromEntries((custom?.items ?? []).map(({ header, value }) => [header, value])),
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
