// SageMaker and Application Auto Scaling in memory: a change of an endpoint ends when the test calls `finishChanges`.
import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { mockClient } from "aws-sdk-client-mock";
import { failure } from "./edges.ts";

interface Endpoint {
  status: string;
  config: string;
  /** The config of an update in progress. */
  next?: string;
  reason?: string;
  modified: number;
}

const invalid = (message: string) => failure("ValidationException", message);

/** `tick` returns a later time with each call. `uriOf` returns the package of a SageMaker model. */
export function simulateSageMaker(tick: () => number, uriOf: (model: string) => string) {
  const client = mockClient(SageMakerClient);
  const scaler = mockClient(ApplicationAutoScalingClient);
  const endpoints = new Map<string, Endpoint>();
  const configs = new Set<string>();
  /** The instance type of each config that has one. */
  const instances = new Map<string, string>();
  /** Resource ids of the registered scalable targets. */
  const scaled = new Set<string>();
  /** Configs with which an endpoint fails to start. */
  const broken = new Set<string>();
  /** Called before each lookup of a config; a test may remove the config in it. */
  const hooks = { beforeConfig: (_operation: string, _config: string) => {} };

  function change(name: string, to: Partial<Endpoint>) {
    endpoints.set(name, { ...endpoints.get(name)!, ...to, modified: tick() });
  }

  function finishChanges() {
    for (const [name, { status, config, next }] of endpoints) {
      if (status === "Deleting") endpoints.delete(name);
      if (status === "Creating" && broken.has(config)) change(name, { status: "Failed", reason: "no ping" });
      else if (status === "Creating") change(name, { status: "InService" });
      if (status === "Updating" && broken.has(next!))
        change(name, { status: "InService", next: undefined, reason: "rolled back" });
      else if (status === "Updating")
        change(name, { status: "InService", config: next!, next: undefined, reason: undefined });
    }
  }

  function requireConfig(name: string, operation: string) {
    hooks.beforeConfig(operation, name);
    if (!configs.has(name)) throw invalid(`Could not find endpoint configuration "${name}".`);
  }

  function requireEndpoint(name: string): Endpoint {
    const found = endpoints.get(name);
    if (found) return found;
    throw invalid(`Could not find endpoint "${name}".`);
  }

  function deleteConfig(name: string) {
    requireConfig(name, "DeleteEndpointConfig");
    configs.delete(name);
  }

  /** Forgets all resources, and answers every call as usual again. */
  function reset() {
    hooks.beforeConfig = () => {};
    for (const all of [endpoints, configs, instances, scaled, broken]) all.clear();
    client.reset();
    client.onAnyCommand().resolves({});
    client.on(DescribeEndpointCommand).callsFake(({ EndpointName: name }) => {
      const { status, config, reason, modified } = requireEndpoint(name);
      return {
        ...(instances.has(config) && { ProductionVariants: [{ CurrentInstanceCount: 1 }] }),
        EndpointStatus: status,
        EndpointConfigName: config,
        FailureReason: reason,
        LastModifiedTime: new Date(modified),
      };
    });
    client.on(CreateEndpointCommand).callsFake(({ EndpointName: name, EndpointConfigName: config }) => {
      requireConfig(config, "CreateEndpoint");
      if (endpoints.has(name)) throw invalid("Cannot create already existing endpoint");
      change(name, { status: "Creating", config, reason: undefined });
    });
    client.on(UpdateEndpointCommand).callsFake(({ EndpointName: name, EndpointConfigName: next }) => {
      requireConfig(next, "UpdateEndpoint");
      if (endpoints.get(name)?.status !== "InService") throw invalid("Cannot update in-progress endpoint");
      change(name, { status: "Updating", next, reason: undefined });
    });
    client.on(DeleteEndpointCommand).callsFake(({ EndpointName: name }) => {
      requireEndpoint(name);
      endpoints.delete(name);
    });
    client.on(DescribeEndpointConfigCommand).callsFake(({ EndpointConfigName: name }) => {
      requireConfig(name, "DescribeEndpointConfig");
      return { ProductionVariants: [{ ModelName: name, InstanceType: instances.get(name) }] };
    });
    client.on(DeleteEndpointConfigCommand).callsFake(({ EndpointConfigName: name }) => deleteConfig(name));
    client.on(CreateEndpointConfigCommand).callsFake(({ EndpointConfigName: name, ProductionVariants }) => {
      if (configs.has(name)) throw invalid("Cannot create already existing endpoint configuration");
      configs.add(name);
      const { InstanceType } = ProductionVariants[0];
      if (InstanceType) instances.set(name, InstanceType);
    });
    client.on(DescribeModelCommand).callsFake(({ ModelName }) => ({
      PrimaryContainer: { ModelDataUrl: uriOf(ModelName) },
    }));
    scaler.reset();
    scaler.onAnyCommand().resolves({});
    scaler.on(RegisterScalableTargetCommand).callsFake(async ({ ResourceId }) => void scaled.add(ResourceId));
    scaler
      .on(DeregisterScalableTargetCommand)
      .callsFake(async ({ ResourceId }) => void scaled.delete(ResourceId));
  }

  return {
    client,
    scaler,
    endpoints,
    configs,
    scaled,
    broken,
    hooks,
    finishChanges,
    deleteConfig,
    reset,
  };
}
