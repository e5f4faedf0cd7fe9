// The current weight and instance count of an endpoint's variants: from the configuration until changed.
import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Endpoint, EndpointConfig } from "../shape.ts";

export const weightOf = ({ weights }: Endpoint, { VariantName, InitialVariantWeight }: ProductionVariant) =>
  weights[VariantName!] ?? InitialVariantWeight ?? 1;

/** The instances of all variants. Only an asynchronous endpoint may have none. */
export const instancesOf = (endpoint: Endpoint, { variants }: Pick<EndpointConfig, "variants">): number =>
  variants.reduce((sum, variant) => sum + (countOf(endpoint, variant) ?? 0), 0);

/** Undefined for a serverless variant. */
export const countOf = (
  { counts = {} }: Endpoint,
  { VariantName, InitialInstanceCount }: ProductionVariant,
): number | undefined => InitialInstanceCount && (counts[VariantName!] ?? InitialInstanceCount);
