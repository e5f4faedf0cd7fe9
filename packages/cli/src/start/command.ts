import { existsSync } from "node:fs";
import path from "node:path";
import { loadModels } from "@sluice/models/load.ts";
import { Command, Option } from "commander";
import { deploySamples, predictSamples } from "../sample/deploy.ts";
import { evaluateSamples } from "../sample/evaluate.ts";
import { arePredicted } from "../sample/package.ts";
import { refreshLock } from "../synth/lock.ts";
import { type Client, createClient, readBody } from "../target/client.ts";
import { isRunning, readState } from "../target/local-state.ts";
import { DIR_HELP, examplesText } from "../target/options.ts";
import { root, stateDir } from "../target/target.ts";
import { EXIT, Failure, toFailure } from "../terminal/failure.ts";
import { paint, print, printNote } from "../terminal/output.ts";
import { boot, type BootResult } from "./boot.ts";
import { buildPage, publishPage } from "./page.ts";
import { resetState } from "./reset.ts";

/** Each lasts up to the 30 seconds that API Gateway waits. */
const START_ATTEMPTS = 8;

interface StartOptions {
  port: string;
  dir?: string;
  allowHost: string[];
  quotas: string;
  fresh?: boolean;
  yes?: boolean;
  samples: boolean;
  train?: boolean;
  json?: boolean;
}

export const start = new Command("start")
  .description("Run everything on this machine, without an AWS account, Docker or network")
  .option("--port <port>", "port of the local cloud; 0 chooses a free one", "4710")
  .option("--dir <folder>", DIR_HELP)
  .option("--allow-host <name...>", "host name that requests may use besides loopback, such as a proxy's", [])
  .addOption(
    new Option(
      "--quotas <account>",
      "AWS quotas of the local cloud: `default`, `new-account`, or a JSON file",
    )
      .env("SLUICE_QUOTAS")
      .default("default"),
  )
  .option("--fresh", "delete all state first")
  .option("-y, --yes", "skip the confirmation of --fresh")
  .option("--no-samples", "skip the sample models")
  .option("--train", "train the sample classifiers instead of using their trained packages")
  .option("--json", "print only one line of JSON when ready")
  .addHelpText(
    "after",
    examplesText([
      "npm start",
      "npx sluice start --port 5000 --no-samples",
      "npx sluice start --fresh --yes",
      "npx sluice start --quotas new-account --dir .sluice-new",
    ]),
  )
  .action(async (options: StartOptions) => {
    const started = performance.now();
    const elapsed = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const port = parsePort(options.port);
    const dir = stateDir(options);
    const folder = path.resolve(root, dir);
    const known = readState(folder);
    if (known && isRunning(known))
      throw new Failure(
        "ALREADY_RUNNING",
        `Sluice already runs with the state folder ${dir}: process ${known.pid} at ${known.endpoint}.`,
        { hint: "Use it, stop it with Ctrl-C, or start another one with --dir and --port." },
      );
    await loadModels();
    await refreshLock();
    if (options.fresh) await resetState(folder, Boolean(options.yes));

    // Sluice works without its page, so a failed build is only reported.
    const build = buildPage().catch(toFailure);
    const cloud = await boot({
      port,
      dir: folder,
      allowHosts: options.allowHost,
      quotas: options.quotas,
      known: options.fresh ? undefined : known,
    });
    stopOnSignal(cloud.stop);
    const { state } = cloud;
    const page = `${state.page.url}#token=${state.token}`;
    try {
      const api = createClient(state);
      // The first request builds and starts the function. "Ready" means that the API responds.
      await waitForApi(api);
      printNote(`${paint("green", "✓")} the local cloud and the API are running (${elapsed()})`);
      const built = await build;
      if (built instanceof Failure) printNote(`${paint("yellow", "!")} ${built.message} ${built.hint ?? ""}`);
      else {
        await publishPage(built, state);
        printNote(`${paint("green", "✓")} the page is at ${page} (${elapsed()})`);
      }
      if (options.samples) {
        await deploySamples(api, folder, Boolean(options.train));
        if (!arePredicted(folder))
          await predictSamples(api, state.buckets, folder, options.json ? printNote : print);
      }
    } catch (error) {
      const cause = cloud.refusal() ?? error;
      // Its open handles would keep the process alive.
      await cloud.stop();
      throw cause;
    }
    // On one line, because standard output stays open and has no end to wait for.
    print(
      options.json ? JSON.stringify({ ready: true, ...state }) : readyText(cloud, options, page, elapsed()),
    );
    if (options.samples && !options.train)
      await evaluateSamples(createClient(state), folder).catch((error: unknown) =>
        printNote(
          `${paint("yellow", "!")} The sample models were not evaluated: ${(error as Error).message}`,
        ),
      );
  });

/** On a busy machine, the gateway stops waiting before the function has started. Any other error remains. */
async function waitForApi(api: Client): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await readBody(api.health.$get());
      return;
    } catch (error) {
      const { code } = toFailure(error);
      if (code !== "API_UNAVAILABLE" || attempt === START_ATTEMPTS) throw error;
    }
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Failure("PORT_INVALID", `"${text}" is not a port.`, {
    exit: EXIT.usage,
    hint: "Use a number from 0 to 65535.",
  });
}

function readyText(
  { state, logFile }: BootResult,
  options: StartOptions,
  page: string,
  elapsed: string,
): string {
  const dir = stateDir(options);
  const dirOption = options.dir === undefined ? "" : ` --dir ${options.dir}`;
  return `
${paint("bold", `Sluice is ready`)} (${elapsed}). Ctrl-C stops it; its state is kept in ${dir}/.

  page       ${page}
  API        ${state.api}   (${state.api}/openapi.json)
  token      ${state.token}
  live       ${state.live}
  uploads    s3://${state.buckets.uploads}/uploads/<model>/
  AWS        ${state.endpoint}, key ${state.environment["AWS_ACCESS_KEY_ID"]}, secret ${state.environment["AWS_SECRET_ACCESS_KEY"]}
             eval "$(npx sluice env${dirOption})" sets these for a shell
  log        ${path.relative(process.cwd(), logFile)}

Try, in another terminal:
${exampleCommands(dir)
  .map((line) => `  npx sluice ${line}${dirOption}`)
  .join("\n")}`;
}

function exampleCommands(dir: string): string[] {
  const samples = path.join(dir, "samples/vehicles/files");
  return existsSync(path.resolve(root, samples))
    ? [`upload ${samples}/*/* --model vehicles`, "predictions list vehicles", "predictions watch"]
    : ["datasets generate cats", "train cats", "provision cats"];
}

function stopOnSignal(stop: () => Promise<void>) {
  let stopping = false;
  const onSignal = () => {
    // A second signal exits at once. All state is on disk.
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    printNote("\nStopping ...");
    void stop().then(
      () => process.exit(EXIT.ok),
      () => process.exit(EXIT.failed),
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
