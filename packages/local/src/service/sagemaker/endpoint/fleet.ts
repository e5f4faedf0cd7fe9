// The container of one production variant. One process serves all instances, or all of a serverless endpoint's
// concurrency: more processes would share the same cores.
import { join } from "node:path";
import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import { unpackModel } from "./artifact.ts";
import { type Container, startContainer } from "./container.ts";
import type { ProgramRegistry } from "../images.ts";
import { openLogWriter } from "../../logs/writer.ts";
import { REALTIME_STARTUP_MS, SERVERLESS_IDLE_MS, SERVERLESS_STARTUP_MS } from "../limits.ts";
import { asRole } from "../s3.ts";
import type { EndpointConfig, Model } from "../shape.ts";

export type Fleet = ReturnType<typeof createFleet>;

export function createFleet(
  kernel: Kernel,
  programs: ProgramRegistry,
  endpoint: string,
  config: EndpointConfig,
  variant: ProductionVariant,
  model: Model,
) {
  const group = `/aws/sagemaker/Endpoints/${endpoint}`;
  const stream = `${variant.VariantName}/${config.name}`;
  const optMl = join(kernel.dir("sagemaker"), "endpoints", endpoint, config.name, variant.VariantName ?? "");
  const serverless = Boolean(variant.ServerlessConfig);
  let starting: Promise<Container> | undefined;
  let busy = 0;
  const idle: Array<() => void> = [];
  let stopped = false;
  let cancelIdle = () => {};

  const logStream = openLogWriter(kernel, asRole(model.roleArn), group, stream);

  async function launch(): Promise<Container> {
    const image = model.container.Image!;
    const program = programs.find(image, "serve");
    if ("problem" in program) throw new Error(program.problem);
    if (model.container.ModelDataUrl)
      await unpackModel(kernel, model.container.ModelDataUrl, model.roleArn, join(optMl, "model"));
    const container = await startContainer({
      file: program.file,
      optMl,
      clock: kernel.clock,
      log: logStream.write,
      env: {
        ...kernel.credentials(model.roleArn, "SageMaker"),
        ...model.container.Environment,
        ...kernel.variables,
      },
    });
    const limit = serverless
      ? SERVERLESS_STARTUP_MS
      : (variant.ContainerStartupHealthCheckTimeoutInSeconds ?? 0) * 1000 || REALTIME_STARTUP_MS;
    try {
      await untilHealthy(container, limit);
    } catch (error) {
      await container.stop();
      throw error;
    }
    return container;
  }

  function current(): Promise<Container> {
    if (stopped) return Promise.reject(new Error("the endpoint is being deleted"));
    if (starting) return starting;
    const launched = launch();
    starting = launched;
    const forget = () => {
      const unexpected = starting === launched;
      if (unexpected) starting = undefined;
      return unexpected;
    };
    launched.then(
      (container) =>
        container.exited.then((reason) => {
          if (forget())
            kernel.log("warn", `Endpoint ${endpoint}: ${reason}; the next request starts it again.`);
        }),
      forget,
    );
    return launched;
  }

  async function untilHealthy(container: Container, limitMs: number) {
    const died = container.exited.then((reason) =>
      Promise.reject(
        new Error(
          `The primary container for production variant ${variant.VariantName} did not pass the ping health check: ${reason}. Check the log group ${group}.`,
        ),
      ),
    );
    // Containers start in real time, also under a manual clock.
    const healthy = async () => {
      const end = performance.now() + limitMs;
      while (performance.now() < end && container.running()) {
        if (await container.ping()) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(
        `The primary container for production variant ${variant.VariantName} did not pass the ping health check within ${limitMs / 1000} seconds. Check the log group ${group}.`,
      );
    };
    await Promise.race([died, healthy()]);
  }

  function scaleToZeroWhenIdle() {
    if (!serverless) return;
    cancelIdle();
    cancelIdle = kernel.clock.after(SERVERLESS_IDLE_MS, rest);
  }

  function rest() {
    if (busy > 0 || stopped) return;
    const stopping = starting;
    starting = undefined;
    void stopping?.then((container) => container.stop()).catch(() => {});
  }

  return {
    variant,
    /** The role of its containers. */
    roleArn: model.roleArn,
    /** Stops the idle container. The next start or request starts it again. */
    scaleToZero: rest,
    inFlight: () => busy,
    /** Resolves once no request is under way. */
    whenIdle: () => new Promise<void>((resolve) => (busy === 0 ? resolve() : void idle.push(resolve))),
    /** Starts the container and waits for its /ping. Rejects with the reason. */
    start: async () => {
      await current();
      scaleToZeroWhenIdle();
    },
    /** Starts the container first, if it was scaled to zero or crashed. */
    async invoke(body: Uint8Array, headers: Record<string, string>, timeoutMs: number) {
      busy++;
      try {
        const container = await current();
        return await container.invoke(body, headers, timeoutMs);
      } finally {
        busy--;
        scaleToZeroWhenIdle();
        if (busy === 0) for (const resolve of idle.splice(0)) resolve();
      }
    },
    async stop() {
      stopped = true;
      cancelIdle();
      const last = starting;
      starting = undefined;
      const container = await last?.catch(() => undefined);
      await container?.stop();
      await logStream.flush();
    },
  };
}
