import type { Model } from "@sluice/models/index.ts";
import { estimatePipeline, estimateRealtime, estimateServerless } from "../cost/estimate.ts";
import type { Prices } from "../cost/prices.ts";
import type { Prediction } from "../prediction/prediction.ts";

const COUNT = 1_000;
const SECONDS_AN_HOUR = 3_600;

/** US dollars of 1,000 such predictions. On an instance it is the time they occupy it, as if it were always busy. */
export function costEstimator({ hosting }: Pick<Model, "hosting">, target: string, prices: Prices) {
  const { memory, instance } = hosting;
  const pipeline = estimatePipeline(COUNT, prices).dollars;
  const hasPrice = target === "serverless" || prices.hosting[instance] !== undefined;
  return ({ timings, source }: Prediction): number | undefined => {
    if (timings?.invokeMs === undefined || !hasPrice) return undefined;
    const seconds = timings.invokeMs / 1_000;
    const endpoint =
      target === "serverless"
        ? estimateServerless({ count: COUNT, memory, seconds, bytes: source.size }, prices)
        : estimateRealtime({ instance, instances: 1, hours: (seconds * COUNT) / SECONDS_AN_HOUR }, prices);
    return endpoint.dollars + pipeline;
  };
}
