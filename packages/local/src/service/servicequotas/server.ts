// Service Quotas: reads the quotas that the other services enforce.
import { createHash } from "node:crypto";
import { AwsError } from "../../kernel/error.ts";
import {
  CONCURRENT_EXECUTIONS,
  DEFAULT_ACCOUNT,
  type Quotas,
  SERVERLESS_CONCURRENCY,
  SERVERLESS_MEMORY,
} from "../../kernel/quotas.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { PAGE_MAX } from "./limits.ts";

/** AWS's codes. AWS chooses the others, which differ by instance type: here they are a digest of the name. */
const CODES: Record<string, string> = {
  [CONCURRENT_EXECUTIONS]: "L-B99A9384",
  [SERVERLESS_CONCURRENCY]: "L-96300102",
};
/** SageMaker enforces it, but users do not find it in Service Quotas. */
const UNLISTED = [SERVERLESS_MEMORY];
const SERVICE_NAMES: Record<string, string> = { lambda: "AWS Lambda", sagemaker: "Amazon SageMaker" };

const codeOf = (name: string) =>
  CODES[name] ?? `L-${createHash("sha256").update(name).digest("hex").slice(0, 8).toUpperCase()}`;

export function serviceQuotasServer(kernel: Kernel): Service {
  const { account, partition, region } = kernel.cloud;

  function list(quotas: Quotas, service: string | undefined) {
    const values = quotas[service ?? ""];
    if (!values) throw notFound(`The service code ${service} does not exist.`);
    return Object.entries(values)
      .filter(([name]) => !UNLISTED.includes(name))
      .map(([QuotaName, Value]) => ({
        ServiceCode: service,
        ServiceName: SERVICE_NAMES[service!],
        QuotaArn: `arn:${partition}:servicequotas:${region}:${account}:${service}/${codeOf(QuotaName)}`,
        QuotaCode: codeOf(QuotaName),
        QuotaName,
        Value,
        Unit: "None",
        Adjustable: true,
        GlobalQuota: false,
      }));
  }

  function find(quotas: Quotas, { ServiceCode, QuotaCode }: Record<string, string | undefined>) {
    const found = list(quotas, ServiceCode).find((quota) => quota.QuotaCode === QuotaCode);
    if (!found) throw notFound(`The quota ${QuotaCode} of ${ServiceCode} does not exist.`);
    return { Quota: found };
  }

  return {
    operations: {
      GetServiceQuota: (input) => find(kernel.quotas, input),
      GetAWSDefaultServiceQuota: (input) => find(DEFAULT_ACCOUNT, input),
      ListServiceQuotas({ ServiceCode, NextToken, MaxResults = PAGE_MAX }) {
        const all = list(kernel.quotas, ServiceCode);
        if (MaxResults < 1 || MaxResults > PAGE_MAX)
          throw new AwsError("IllegalArgumentException", `MaxResults must be between 1 and ${PAGE_MAX}.`);
        const start = NextToken === undefined ? 0 : Number(NextToken);
        if (!Number.isSafeInteger(start) || start < 0)
          throw new AwsError("InvalidPaginationTokenException", "The NextToken is invalid.");
        const end = start + MaxResults;
        return { Quotas: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
      },
    },
    // These actions have no resources.
    access: (operation) => [{ action: `servicequotas:${operation}`, resource: "*" }],
  };
}

const notFound = (message: string) => new AwsError("NoSuchResourceException", message);
