// Which Sluice a command speaks to: the one on this machine or one on AWS. First found wins: flags, environment, the
// local cloud that is running, the last `sst deploy`.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { EXIT, Failure } from "./failure.ts";
import { runningState } from "./local-state.ts";

export interface TargetOptions {
  api?: string;
  token?: string;
  /** The folder of the local cloud's state. */
  dir?: string;
  local?: boolean;
}

export interface Target {
  where: "local" | "aws" | "named";
  api: string;
  live: string;
  token: string | undefined;
  /** What an AWS SDK needs to reach the same cloud; empty for AWS, whose own defaults apply. */
  environment: Record<string, string>;
  app: string;
  stage: string;
}

export const root = path.resolve(import.meta.dirname, "../../..");
const DEFAULT_DIR = ".sluice";
/** The local cloud's state folder, as it is said. */
export const dirOf = ({ dir }: Pick<TargetOptions, "dir">, env: NodeJS.ProcessEnv = process.env) =>
  dir || env["SLUICE_DIR"] || DEFAULT_DIR;

export function resolveTarget(options: TargetOptions, env: NodeJS.ProcessEnv = process.env): Target {
  const api = options.api ?? env["SLUICE_API"];
  const token = options.token ?? env["SLUICE_TOKEN"];
  if (api !== undefined && !/^https?:$/.test(URL.parse(api)?.protocol ?? ""))
    throw new Failure("API_INVALID", `"${api}" is no address of an API.`, {
      exit: EXIT.usage,
      hint: "Write it whole, such as https://abc123.execute-api.us-east-1.amazonaws.com.",
    });
  if (api)
    return {
      where: "named",
      api: bare(api),
      live: bare(env["SLUICE_LIVE"] ?? api),
      token,
      environment: {},
      app: "sluice",
      stage: "",
    };

  const local = runningState(path.resolve(root, dirOf(options, env)));
  if (local && options.local !== false) return { ...local, where: "local", token: token ?? local.token };

  const deployed = readOutputs();
  if (deployed && !options.local) return { where: "aws", ...deployed, token, environment: {}, app: "sluice" };

  throw new Failure(
    "TARGET_MISSING",
    "No Sluice to speak to: none runs on this machine and none was deployed from here.",
    {
      exit: EXIT.unreachable,
      hint: "Start one with `npm start`, or name one with --api URL and --token TOKEN (or SLUICE_API and SLUICE_TOKEN).",
    },
  );
}

/** What `sst deploy` leaves: the outputs of sst.config.ts. */
const Outputs = z.object({
  api: z.string().optional(),
  live: z.string().optional(),
  stage: z.string().default(""),
});

function readOutputs() {
  const file = path.join(root, ".sst/outputs.json");
  if (!existsSync(file)) return undefined;
  try {
    const { api, live = api, stage } = Outputs.parse(JSON.parse(readFileSync(file, "utf8")));
    return api && live ? { api: bare(api), live: bare(live), stage } : undefined;
  } catch (cause) {
    throw new Failure("OUTPUTS_BROKEN", `${file} does not hold the outputs of a deployment.`, {
      hint: "Write it anew with `npx sst deploy`, or delete it.",
      cause,
    });
  }
}

const bare = (url: string) => url.replace(/\/+$/, "");
