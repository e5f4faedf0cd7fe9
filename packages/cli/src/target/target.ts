// Selects the Sluice that a command uses. Order: options, environment, the running local cloud, the last `sst deploy`.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { EXIT, Failure } from "../terminal/failure.ts";
import { runningState } from "./local-state.ts";

export interface TargetOptions {
  api?: string;
  token?: string;
  /** State folder of the local cloud. */
  dir?: string;
  local?: boolean;
}

export interface Target {
  where: "local" | "aws" | "named";
  api: string;
  /** Of the WebSocket API. Not known for an API that is only named. */
  live: string | undefined;
  token: string | undefined;
  /** Environment for AWS SDKs and SST links. Empty for AWS, where the SDK's defaults apply. */
  environment: Record<string, string>;
  app: string;
  stage: string;
}

export const root = path.resolve(import.meta.dirname, "../../../..");
const DEFAULT_DIR = ".sluice";
/** As the user wrote it, so that messages can repeat it. */
export const stateDir = ({ dir }: Pick<TargetOptions, "dir">, env: NodeJS.ProcessEnv = process.env) =>
  dir || env["SLUICE_DIR"] || DEFAULT_DIR;

export function resolveTarget(options: TargetOptions, env: NodeJS.ProcessEnv = process.env): Target {
  const api = options.api ?? env["SLUICE_API"];
  const token = options.token ?? env["SLUICE_TOKEN"];
  if (api !== undefined && !/^https?:$/.test(URL.parse(api)?.protocol ?? ""))
    throw new Failure("API_INVALID", `"${api}" is not a URL.`, {
      exit: EXIT.usage,
      hint: "Write the full URL, such as https://abc123.execute-api.us-east-1.amazonaws.com.",
    });
  if (api)
    return {
      where: "named",
      api: withoutSlash(api),
      live: env["SLUICE_LIVE"],
      token,
      environment: {},
      app: "sluice",
      stage: "",
    };

  const local = runningState(path.resolve(root, stateDir(options, env)));
  if (local && options.local !== false) return { ...local, where: "local", token: token ?? local.token };

  const deployed = readOutputs();
  if (deployed && !options.local) return { where: "aws", ...deployed, token, environment: {}, app: "sluice" };

  throw new Failure(
    "TARGET_MISSING",
    "Found no Sluice: none is running on this machine, and none was deployed from this folder.",
    {
      exit: EXIT.unreachable,
      hint: "Start one with `npm start`, set --api URL and --token TOKEN (or SLUICE_API and SLUICE_TOKEN), or prepare a first deploy: `npx sluice doctor --before-deploy`.",
    },
  );
}

/** The outputs of sst.config.ts, written by `sst deploy`. */
const Outputs = z.object({
  api: z.string().optional(),
  live: z.string().optional(),
  stage: z.string().default(""),
});

function readOutputs() {
  const file = path.join(root, ".sst/outputs.json");
  if (!existsSync(file)) return undefined;
  try {
    const { api, live, stage } = Outputs.parse(JSON.parse(readFileSync(file, "utf8")));
    return api ? { api: withoutSlash(api), live, stage } : undefined;
  } catch (cause) {
    throw new Failure("OUTPUTS_BROKEN", `${file} does not contain the outputs of a deployment.`, {
      hint: "Run `npx sst deploy` to write it again, or delete it.",
      cause,
    });
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");
