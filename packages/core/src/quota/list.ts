// The account's quotas of SageMaker by name: AWS chooses the codes, which differ by instance type.
import { paginateListServiceQuotas, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";

export interface Quota {
  value: number;
  code: string | undefined;
}

export type Quotas = Map<string, Quota>;

export async function listQuotas(client: ServiceQuotasClient): Promise<Quotas> {
  const found: Quotas = new Map();
  for await (const { Quotas: page = [] } of paginateListServiceQuotas(
    { client, pageSize: 100 },
    { ServiceCode: "sagemaker" },
  ))
    for (const { QuotaName, QuotaCode, Value } of page)
      if (QuotaName !== undefined && Value !== undefined)
        found.set(QuotaName, { value: Value, code: QuotaCode });
  return found;
}
