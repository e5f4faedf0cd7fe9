// The scalable dimension: the instance count of an endpoint variant.
import type { CustomizedMetricSpecification } from "@aws-sdk/client-application-auto-scaling";
import type { Datapoint as Point } from "@aws-sdk/client-cloudwatch";
import type { Kernel, Principal } from "../../kernel/service.ts";

type Datapoint = Pick<Point, "Timestamp" | "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum">;

export const NAMESPACE = "sagemaker";
export const DIMENSION = "sagemaker:variant:DesiredInstanceCount";

const SCALER: Principal = { kind: "service", name: "sagemaker.application-autoscaling.amazonaws.com" };

interface Described {
  EndpointStatus: string;
  AsyncInferenceConfig?: object;
  ProductionVariants?: Array<{ VariantName: string; DesiredInstanceCount: number }>;
}

export interface Variant {
  endpoint: string;
  name: string;
}

export function readResource(resource: string | undefined): Variant | undefined {
  const [, endpoint, name] = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(resource ?? "") ?? [];
  return endpoint && name ? { endpoint, name } : undefined;
}

export function openVariants(kernel: Kernel) {
  return {
    /** Its instance count, and whether it can be changed now. Undefined when there is no such variant. */
    async read({
      endpoint,
      name,
    }: Variant): Promise<{ instances: number; ready: boolean; async: boolean } | undefined> {
      const found = await kernel
        .call<Described>("sagemaker", "DescribeEndpoint", { EndpointName: endpoint }, SCALER)
        .catch((error: Error) => {
          if (error.name === "ValidationException") return undefined;
          throw error;
        });
      const variant = found?.ProductionVariants?.find(({ VariantName }) => VariantName === name);
      return (
        variant && {
          instances: variant.DesiredInstanceCount,
          ready: found!.EndpointStatus === "InService",
          async: found!.AsyncInferenceConfig !== undefined,
        }
      );
    },

    set: ({ endpoint, name }: Variant, count: number) =>
      kernel.call(
        "sagemaker",
        "UpdateEndpointWeightsAndCapacities",
        {
          EndpointName: endpoint,
          DesiredWeightsAndCapacities: [{ VariantName: name, DesiredInstanceCount: count }],
        },
        SCALER,
      ),

    /** Invocations per instance in each of the last whole minutes, latest first; 0 without traffic. */
    async load({ endpoint, name }: Variant, minutes: number): Promise<number[]> {
      const Dimensions = [
        { Name: "EndpointName", Value: endpoint },
        { Name: "VariantName", Value: name },
      ];
      const metric = { Namespace: "AWS/SageMaker", MetricName: "InvocationsPerInstance", Dimensions };
      const values = await this.measured({ ...metric, Statistic: "Sum" }, minutes);
      return values.map((value) => value ?? 0);
    },

    /** A metric's value in each of the last whole minutes, latest first; undefined without data. */
    async measured(metric: CustomizedMetricSpecification, minutes: number): Promise<(number | undefined)[]> {
      const { Namespace, MetricName, Dimensions = [], Unit, Statistic } = metric;
      const end = Math.floor(kernel.clock.now() / 60_000) * 60_000;
      const { Datapoints } = await kernel.call<{ Datapoints: Datapoint[] }>(
        "cloudwatch",
        "GetMetricStatistics",
        {
          Namespace,
          MetricName,
          Dimensions,
          Unit,
          StartTime: new Date(end - minutes * 60_000),
          EndTime: new Date(end),
          Period: 60,
          Statistics: [Statistic],
        },
        SCALER,
      );
      const values = new Map(Datapoints.map((point) => [point.Timestamp!.getTime(), point[Statistic!]]));
      return Array.from({ length: minutes }, (_, index) => values.get(end - (index + 1) * 60_000));
    },
  };
}
