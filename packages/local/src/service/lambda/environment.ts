// The environment variables of a function: its own, its role's keys and its links; none of the parent process.
import path from "node:path";
import type { Kernel } from "../../kernel/service.ts";
import type { Bundle } from "./bundle.ts";
import type { Definition } from "./definition.ts";

export function functionEnvironment(
  kernel: Kernel,
  definition: Definition,
  bundle: Bundle,
  logStream: string,
  home: string,
) {
  const links = Object.entries({
    App: { name: kernel.graph.app, stage: kernel.graph.stage },
    ...definition.links,
  });
  return {
    ...definition.environment,
    ...kernel.variables,
    ...Object.fromEntries(links.map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)])),
    ...kernel.credentials(definition.role, definition.name),
    // The SDK must not read the developer's ~/.aws.
    HOME: home,
    TMPDIR: home,
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    _HANDLER: `bundle.${bundle.export}`,
    LAMBDA_TASK_ROOT: bundle.folder,
    LAMBDA_COMPILE_CACHE: path.join(bundle.folder, "compiled"),
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: definition.logFormat,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  };
}
