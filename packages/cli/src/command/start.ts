import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { connect } from "../client.ts";
import { asFailure, EXIT, Failure } from "../failure.ts";
import { runningState } from "../local-state.ts";
import { note, paint, say } from "../output.ts";
import { boot } from "../start/boot.ts";
import { buildPage, publishPage } from "../start/page.ts";
import { samplesShown } from "../start/samples.ts";
import { deploySamples, showSamples } from "../start/show.ts";
import { dirOf, resolveTarget, root } from "../target.ts";

interface StartOptions {
  port: string;
  dir?: string;
  allowHost: string[];
  fresh?: boolean;
  yes?: boolean;
  samples: boolean;
  json?: boolean;
}

export const start = new Command("start")
  .description("Run everything on this machine: no AWS account, no Docker, no network")
  .option("--port <port>", "the one port it uses; 0 takes a free one", "4710")
  .option("--dir <folder>", 'where its state is kept (or SLUICE_DIR; ".sluice" without it)')
  .option(
    "--allow-host <name...>",
    "a name besides loopback under which the port may be asked (a proxy's)",
    [],
  )
  .option("--fresh", "forget all state first")
  .option("-y, --yes", "do not ask before forgetting")
  .option("--no-samples", "do not train and show the sample models")
  .option("--json", "print one line of JSON when ready, nothing else")
  .addHelpText(
    "after",
    "\nExamples:\n  $ npm start\n  $ npx sluice start --port 5000 --no-samples\n  $ npx sluice start --fresh --yes",
  )
  .action(async (options: StartOptions) => {
    const began = performance.now();
    const seconds = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    const port = Number(options.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Failure("PORT_INVALID", `"${options.port}" is no port.`, {
        exit: EXIT.usage,
        hint: "Use a number from 0 to 65535.",
      });
    const dir = dirOf(options);
    const running = runningState(path.resolve(root, dir));
    if (running)
      throw new Failure(
        "ALREADY_RUNNING",
        `Sluice already runs from ${dir}: process ${running.pid} at ${running.endpoint}.`,
        { hint: "Use it as it is, stop it with Ctrl-C, or start another with --dir and --port." },
      );
    if (options.fresh) await forget(path.resolve(root, dir), Boolean(options.yes));

    const built = settled(buildPage());
    const cloud = await boot({ port, dir, allowHosts: options.allowHost });
    stopOnSignal(cloud.stop);
    const { state } = cloud;
    const page = `${state.page.url}#token=${state.token}`;
    try {
      const api = connect(resolveTarget({ dir }));
      // The first request builds and starts the API's function; "ready" must mean that it answers.
      await api.health.$get();
      note(`${paint("green", "✓")} the embedded AWS and the API are up (${seconds()})`);
      const folder = await built;
      if (folder instanceof Failure) note(`${paint("yellow", "!")} ${folder.message} ${folder.hint ?? ""}`);
      else {
        await publishPage(folder, state);
        note(`${paint("green", "✓")} the page is at ${page} (${seconds()})`);
      }
      if (options.samples) {
        const stateDir = path.resolve(root, dir);
        await deploySamples(api, stateDir);
        if (!samplesShown(stateDir))
          await showSamples(api, state.buckets, stateDir, options.json ? note : say);
      }
    } catch (error) {
      const cause = cloud.refusal() ?? error;
      // What it holds open would keep a failed start alive.
      await cloud.stop();
      throw cause;
    }
    // One line: whoever reads it cannot wait for the end of a stream that stays open.
    if (options.json) return say(JSON.stringify({ ready: true, ...state }));
    say(`
${paint("bold", `Sluice is ready`)} (${seconds()}). Ctrl-C stops it; its state stays in ${dir}/.

  page       ${page}
  API        ${state.api}   (${state.api}/openapi.json)
  token      ${state.token}
  live       ${state.live}/live
  uploads    s3://${state.buckets.uploads}/uploads/<model>/
  AWS        ${state.endpoint}, key ${state.environment["AWS_ACCESS_KEY_ID"]}, secret ${state.environment["AWS_SECRET_ACCESS_KEY"]}
             eval "$(npx sluice env${options.dir === undefined ? "" : ` --dir ${options.dir}`})" sets both for this shell
  log        ${path.relative(process.cwd(), cloud.logFile)}

Try, in another terminal:
${toTry(dir, options.dir)
  .map((line) => `  npx sluice ${line}`)
  .join("\n")}`);
  });

/** What can be done now: with the samples there is something to upload. */
function toTry(dir: string, named: string | undefined): string[] {
  const pictures = path.join(dir, "samples/vehicles/files");
  const lines = existsSync(path.resolve(root, pictures))
    ? [`upload ${pictures}/*/* --model vehicles`, "predictions list vehicles", "predictions watch"]
    : ["dataset generate cats", "train cats", "provision cats"];
  return named === undefined ? lines : lines.map((line) => `${line} --dir ${named}`);
}

/** Without its page Sluice still does its work: what failed is said, and the start goes on. */
const settled = <T>(work: Promise<T>) => work.catch(asFailure);

async function forget(folder: string, yes: boolean) {
  if (!existsSync(folder)) return;
  if (!yes) {
    if (!process.stdin.isTTY)
      throw new Failure("CONFIRMATION_MISSING", `--fresh would delete ${folder}.`, {
        exit: EXIT.usage,
        hint: "Add --yes to say so.",
      });
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await prompt.question(
      `Delete ${folder} and every upload, prediction and model in it? [y/N] `,
    );
    prompt.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("NOT_CONFIRMED", "Nothing was deleted.");
  }
  const held = readdirSync(folder);
  if (held.length > 0 && !held.includes("cloud.db") && !held.includes("cloud.log"))
    throw new Failure("STATE_UNKNOWN", `${folder} holds files, and no state of Sluice among them.`, {
      exit: EXIT.usage,
      hint: "Nothing was deleted. Name the folder that Sluice keeps its state in with --dir.",
    });
  rmSync(folder, { recursive: true, force: true });
}

function stopOnSignal(stop: () => Promise<void>) {
  let asked = false;
  const onSignal = () => {
    // The second time in anger: everything is on disk, so nothing is lost.
    if (asked) process.exit(EXIT.failed);
    asked = true;
    note("\nStopping ...");
    void stop().then(
      () => process.exit(EXIT.ok),
      () => process.exit(EXIT.failed),
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
