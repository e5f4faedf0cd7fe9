// Starts the local cloud and writes its address for this and other processes.
import path from "node:path";
import { FOLDER_VARIABLE, torchFolder } from "@sluice/core/training/torch/environment.ts";
import { Failure } from "../terminal/failure.ts";
import { writeState, type LocalState } from "../target/local-state.ts";
import { printNote, paint } from "../terminal/output.ts";
import { root } from "../target/target.ts";
import { openLog } from "./log.ts";

export interface BootResult {
  state: LocalState;
  logFile: string;
  /** Why the state folder cannot be written at the moment, if so. */
  refusal(): Error | undefined;
  stop(): Promise<void>;
}

export interface BootOptions {
  port: number;
  dir: string;
  /** Host names that requests may use besides loopback. */
  allowHosts: string[];
  /** `default`, `new-account`, or a JSON file. */
  quotas: string;
  /** Of the last start with this folder, if any. */
  known: LocalState | undefined;
}

export async function boot({ port, dir, allowHosts, quotas, known }: BootOptions): Promise<BootResult> {
  const { makeFilesPrivate } = await import("@sluice/local/kernel/private-files.ts");
  makeFilesPrivate();
  const logFile = path.join(dir, "cloud.log");
  const writeLog = openLog(logFile);

  // Imported here because no other command needs it.
  const { startCloud } = await import("@sluice/local/cloud.ts");
  const { readQuotas } = await import("@sluice/local/kernel/quotas.ts");
  const cloud = await startCloud({
    root,
    dir,
    port,
    allowHosts,
    quotas: readQuotas(quotas),
    variables: { [FOLDER_VARIABLE]: torchFolder() },
    log(level, message, details) {
      writeLog(
        `${new Date().toISOString()} ${level} ${message}${details ? ` ${JSON.stringify(details)}` : ""}`,
      );
      if (level === "error") printNote(`${paint("red", "cloud")}: ${message}`);
    },
  });
  const refusal = () => cloud.kernel.disk.lastError();
  try {
    const { graph } = cloud.kernel;
    const environment = { ...cloud.environment, ...linkEnvironment(graph) };
    Object.assign(process.env, environment);
    const state: LocalState = {
      pid: process.pid,
      endpoint: cloud.endpoint,
      api: linkUrl(graph.links["Api"]),
      live: linkUrl(graph.links["LiveUpdates"]),
      token: await ownerToken(known),
      app: graph.app,
      stage: graph.stage,
      buckets: {
        uploads: linkName(graph.links["UploadsBucket"]),
        results: linkName(graph.links["ResultsBucket"]),
        artifacts: linkName(graph.links["ArtifactsBucket"]),
      },
      page: {
        url: `http://${String(graph.links["Page"]?.["domain"])}/`,
        bucket: String(graph.links["Page"]?.["bucket"]),
      },
      environment,
    };
    writeState(dir, state);
    return { state, logFile, refusal, stop: cloud.stop };
  } catch (error) {
    const cause = refusal() ?? cloud.kernel.disk.reportError(error, dir);
    await cloud.stop();
    throw cause;
  }
}

type Links = Record<string, Record<string, unknown>>;

/** Environment variables of SST links, so that `Resource.X` works in this process as in a function. */
function linkEnvironment({ app, stage, links }: { app: string; stage: string; links: Links }) {
  const all: Links = { App: { name: app, stage }, ...links };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
  );
}

function linkUrl(link: Record<string, unknown> | undefined): string {
  if (typeof link?.["url"] === "string") return link["url"].replace(/\/+$/, "");
  throw new Failure("GRAPH_INCOMPLETE", "The resource graph has no link to the API.", {
    hint: "Run `npm run synth`, then start again.",
  });
}

const linkName = (link: Record<string, unknown> | undefined) => String(link?.["name"] ?? "");

/** One token for the owner of the machine, created at the first start. */
async function ownerToken(known: LocalState | undefined): Promise<string> {
  const Token = await import("@sluice/core/token/manage.ts");
  if (known) {
    const valid = await Token.readBearer(known.token).then(
      () => true,
      () => false,
    );
    if (valid) return known.token;
  }
  return (await Token.createToken({ name: "local owner", scopes: ["admin"] })).token;
}
