// Endpoints, their configs and their models, in the order of removal: each refers to the next.
import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  paginateListModels,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { isBusy, isMissing } from "@sluice/core/aws/sagemaker-errors.ts";
import { estimateRealtime } from "@sluice/core/cost/estimate.ts";
import { readPrices } from "@sluice/core/cost/prices.ts";
import { ignore } from "./errors.ts";
import type { Kind, Leftover } from "./kind.ts";
import type { Owner } from "./owner.ts";
import { waitUntil } from "./wait.ts";

const PAGE = 100;

export function hostingKinds(client: SageMakerClient, owner: Owner, pollMs: number): Kind[] {
  const page = { client, pageSize: PAGE };
  /** A paginator writes its token into its query: each needs its own. */
  const query = () => ({ NameContains: owner.prefix });

  async function costOf(EndpointName: string): Promise<Leftover["cost"]> {
    const { EndpointConfigName, ProductionVariants = [] } = await client.send(
      new DescribeEndpointCommand({ EndpointName }),
    );
    const { ProductionVariants: [declared] = [] } = await client.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName }),
    );
    const { InstanceType: instance } = declared ?? {};
    const instances = ProductionVariants[0]?.CurrentInstanceCount;
    const prices = readPrices();
    // A serverless endpoint is paid by call.
    if (!instance || !instances || prices.hosting[instance] === undefined) return undefined;
    const { dollars, items } = estimateRealtime({ instance, instances }, prices);
    return { dollars, per: "month", formula: items[0]!.formula };
  }

  const endpoints: Kind = {
    service: "SageMaker",
    title: "endpoints",
    async list() {
      const found = [];
      for await (const { Endpoints = [] } of paginateListEndpoints(page, query()))
        for (const { EndpointName, EndpointArn, EndpointStatus } of Endpoints)
          found.push({ name: EndpointName!, arn: EndpointArn!, status: EndpointStatus! });
      const own = await owner.ofThisStage(found);
      return Promise.all(
        own.map(async (item) => ({
          ...item,
          cost: await costOf(item.name).catch(ignore(isMissing)),
        })),
      );
    },
    async remove({ name: EndpointName }) {
      await waitUntil(`${EndpointName} is deleted`, pollMs, async () => {
        try {
          // SageMaker rejects it while the endpoint is created or updated. Repeating it is harmless.
          await client.send(new DeleteEndpointCommand({ EndpointName })).catch(ignore(isBusy));
          await client.send(new DescribeEndpointCommand({ EndpointName }));
          return false;
        } catch (error) {
          if (isMissing(error)) return true;
          throw error;
        }
      });
    },
  };

  const configs: Kind = {
    service: "SageMaker",
    title: "endpoint configs",
    async list() {
      const found = [];
      for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs(page, query()))
        for (const { EndpointConfigName, EndpointConfigArn } of EndpointConfigs)
          found.push({ name: EndpointConfigName!, arn: EndpointConfigArn! });
      return owner.ofThisStage(found);
    },
    async remove({ name: EndpointConfigName }) {
      await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName })).catch(ignore(isMissing));
    },
  };

  const models: Kind = {
    service: "SageMaker",
    title: "models",
    async list() {
      const found = [];
      for await (const { Models = [] } of paginateListModels(page, query()))
        for (const { ModelName, ModelArn } of Models) found.push({ name: ModelName!, arn: ModelArn! });
      return owner.ofThisStage(found);
    },
    async remove({ name: ModelName }) {
      await client.send(new DeleteModelCommand({ ModelName })).catch(ignore(isMissing));
    },
  };

  return [endpoints, configs, models];
}
