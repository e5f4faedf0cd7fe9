import { resolveTarget, type Target } from "../target/target.ts";
import type { CommonOptions } from "../target/options.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

export interface StageOptions extends CommonOptions {
  stage?: string;
}

/** As `protect` in sst.config.ts. */
export const PROTECTED = "production";

/** The stage to tear down. Resources that its functions created can exist after `sst remove`. */
export function resolveStage(options: StageOptions): Target {
  const target = findTarget(options);
  const stage = options.stage ?? target?.stage;
  if (target?.where === "named")
    throw new Failure(
      "TARGET_NAMED",
      "`teardown` cannot use --api: a URL does not identify an AWS account.",
      {
        exit: EXIT.usage,
        hint: "Leave out --api (and SLUICE_API), and name the stage: --stage NAME.",
      },
    );
  if (!stage)
    throw new Failure("STAGE_MISSING", "No stage was given, and none is deployed from this folder.", {
      exit: EXIT.usage,
      hint: "Name it: npx sluice teardown --stage NAME.",
    });
  if (stage === PROTECTED && options.stage !== PROTECTED)
    throw new Failure("STAGE_PROTECTED", `The stage ${stage} is protected.`, {
      exit: EXIT.usage,
      hint: `To tear it down, name it: npx sluice teardown --stage ${stage}.`,
    });
  if (target?.stage === stage) return target;
  return { where: "aws", api: "", live: "", token: undefined, environment: {}, app: "sluice", stage };
}

function findTarget({ stage, ...options }: StageOptions): Target | undefined {
  try {
    return resolveTarget({ ...options, local: options.local === false ? false : undefined });
  } catch (error) {
    if (stage !== undefined && error instanceof Failure && error.code === "TARGET_MISSING") return undefined;
    throw error;
  }
}
