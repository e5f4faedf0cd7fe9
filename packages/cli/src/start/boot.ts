// Brings up the embedded AWS and makes this process, and later ones, able to speak to it.
import path from "node:path";
import { Failure } from "../failure.ts";
import { readState, writeState, type LocalState } from "../local-state.ts";
import { note, paint } from "../output.ts";
import { root } from "../target.ts";
import { openLog } from "./log.ts";

export interface Booted {
  state: LocalState;
  logFile: string;
  /** Why the state folder takes nothing at present, if so. */
  refusal(): Error | undefined;
  stop(): Promise<void>;
}

export interface BootOptions {
  port: number;
  dir: string;
  /** Names besides loopback under which the port may be asked. */
  allowHosts: string[];
}

export async function boot(options: BootOptions): Promise<Booted> {
  const { keepFilesPrivate } = await import("@sluice/local/kernel/private-files.ts");
  keepFilesPrivate();
  const dir = path.resolve(root, options.dir);
  const known = readState(dir);
  const logFile = path.join(dir, "cloud.log");
  const writeLog = openLog(logFile);

  // Loaded here, not at the top: no other command should pay for it.
  const { startCloud } = await import("@sluice/local/cloud.ts");
  const cloud = await startCloud({
    root,
    dir,
    port: options.port,
    allowHosts: options.allowHosts,
    log(level, message, about) {
      writeLog(`${new Date().toISOString()} ${level} ${message}${about ? ` ${JSON.stringify(about)}` : ""}`);
      if (level === "error") note(`${paint("red", "cloud")}: ${message}`);
    },
  });
  const refusal = () => cloud.kernel.disk.refused();
  try {
    const { graph } = cloud.kernel;
    const environment = { ...cloud.environment, ...linksOf(graph) };
    Object.assign(process.env, environment);
    const state: LocalState = {
      pid: process.pid,
      endpoint: cloud.endpoint,
      api: urlOf(graph.links["Api"]),
      live: urlOf(graph.links["LiveUpdates"]),
      token: await tokenFor(known),
      app: graph.app,
      stage: graph.stage,
      buckets: {
        uploads: nameOf(graph.links["UploadsBucket"]),
        results: nameOf(graph.links["ResultsBucket"]),
        artifacts: nameOf(graph.links["ArtifactsBucket"]),
      },
      page: {
        url: `http://${String(graph.links["Page"]?.["domain"])}/`,
        bucket: String(graph.links["Page"]?.["bucket"]),
      },
      environment,
    };
    writeState(dir, state);
    return {
      state,
      logFile,
      refusal,
      stop: cloud.stop,
    };
  } catch (error) {
    const cause = refusal() ?? cloud.kernel.disk.refusal(error, dir);
    await cloud.stop();
    throw cause;
  }
}

type Links = Record<string, Record<string, unknown>>;

/** What SST's runtime reads: `Resource.X` in this process answers as in a function. */
function linksOf({ app, stage, links }: { app: string; stage: string; links: Links }) {
  const all: Links = { App: { name: app, stage }, ...links };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
  );
}

function urlOf(link: Record<string, unknown> | undefined): string {
  if (typeof link?.["url"] === "string") return link["url"].replace(/\/+$/, "");
  throw new Failure("GRAPH_INCOMPLETE", "The resource graph links no API.", {
    hint: "Write it anew with `npm run synth`.",
  });
}

const nameOf = (link: Record<string, unknown> | undefined) => String(link?.["name"] ?? "");

/** One token for the machine's owner, made at the first start and kept. */
async function tokenFor(known: LocalState | undefined): Promise<string> {
  const Token = await import("@sluice/core/token/token.ts");
  if (known) {
    const valid = await Token.fromBearer(known.token).then(
      () => true,
      () => false,
    );
    if (valid) return known.token;
  }
  return (await Token.create({ name: "local owner", scopes: ["admin"] })).token;
}
