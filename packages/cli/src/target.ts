// Which Sluice a command speaks to: the one on this machine or one on AWS. First found wins: flags, environment, the
// local cloud that is running, the last `sst deploy`.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { EXIT, Failure } from "./failure.ts";

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

/** What `sluice start` writes for the other commands; readable by its owner only, for it holds a token. */
export interface LocalState {
  pid: number;
  endpoint: string;
  api: string;
  live: string;
  token: string;
  app: string;
  stage: string;
  buckets: { uploads: string; results: string; artifacts: string };
  page: { url: string; bucket: string };
  environment: Record<string, string>;
}

export const root = path.resolve(import.meta.dirname, "../../..");
const DEFAULT_DIR = ".sluice";
/** The local cloud's state folder, as it is said. */
export const dirOf = ({ dir }: Pick<TargetOptions, "dir">, env: NodeJS.ProcessEnv = process.env) =>
  dir || env["SLUICE_DIR"] || DEFAULT_DIR;
export const stateFile = (dir: string) => path.resolve(root, dir, "local.json");

export function readLocalState(dir: string): LocalState | undefined {
  const file = stateFile(dir);
  if (!existsSync(file)) return undefined;
  let state: LocalState;
  try {
    state = JSON.parse(readFileSync(file, "utf8")) as LocalState;
  } catch (cause) {
    throw new Failure("STATE_BROKEN", `${file} is not JSON.`, {
      hint: "Delete that file and start again: uploads, predictions and models stay.",
      cause,
    });
  }
  return alive(state.pid) ? state : undefined;
}

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

  const local = readLocalState(dirOf(options, env));
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
function readOutputs() {
  const file = path.join(root, ".sst/outputs.json");
  if (!existsSync(file)) return undefined;
  const { api, live, stage } = JSON.parse(readFileSync(file, "utf8")) as Partial<
    Record<"api" | "live" | "stage", string>
  >;
  return api ? { api: bare(api), live: bare(live ?? api), stage: stage ?? "" } : undefined;
}

const bare = (url: string) => url.replace(/\/+$/, "");

function alive(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
