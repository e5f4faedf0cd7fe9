// The fleets of an endpoint configuration, one for each of its variants.
import type { Kernel } from "../../../kernel/service.ts";
import type { ProgramRegistry } from "../images.ts";
import type { Documents } from "../records.ts";
import type { Endpoint, EndpointConfig, Model } from "../shape.ts";
import { createFleet, type Fleet } from "./fleet.ts";

export function openFleets(kernel: Kernel, documents: Documents, programs: ProgramRegistry) {
  /** The fleets of a configuration, without starting them. */
  function create(endpoint: Endpoint, configName: string): Fleet[] {
    const config = documents.get<EndpointConfig>("endpoint-config", configName);
    if (!config) throw new Error(`The endpoint configuration ${configName} no longer exists.`);
    return config.variants.map((variant) => {
      const model = documents.get<Model>("model", variant.ModelName!);
      if (!model) throw new Error(`The model ${variant.ModelName} no longer exists.`);
      return createFleet(kernel, programs, endpoint.name, config, variant, model);
    });
  }

  return {
    create,
    /** Starts the fleet of every variant. Stops them all and rejects when one does not start. */
    async start(endpoint: Endpoint, configName: string): Promise<Fleet[]> {
      const fleets = create(endpoint, configName);
      try {
        await Promise.all(fleets.map((fleet) => fleet.start()));
        const fault = kernel.fault("sagemaker:deploy", { endpoint: endpoint.name, config: configName });
        if (fault)
          throw new Error(
            fault.message ??
              "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.",
          );
        return fleets;
      } catch (error) {
        await stopFleets(fleets);
        throw error;
      }
    },
  };
}

export async function stopFleets(fleets: Fleet[]) {
  await Promise.all(fleets.map((fleet) => fleet.stop()));
}
