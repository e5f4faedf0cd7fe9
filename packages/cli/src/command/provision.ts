import { Command, Option } from "commander";
import { body, type Client } from "../client.ts";
import { common, type CommonOptions, open, whole } from "../common.ts";
import { follow } from "../deployment/follow.ts";
import { costOf, showHosting } from "../estimate.ts";
import { EXIT, Failure } from "../failure.ts";
import { checkVerdict } from "../training/outcome.ts";
import { bringFile, type OnnxOptions } from "../version/bring.ts";
import { getVersion, judged, verdictLine } from "../version/judged.ts";
import { note, paint, printJson, say } from "../output.ts";

interface ProvisionOptions extends CommonOptions, OnnxOptions {
  version?: string;
  model?: string;
  target?: "serverless" | "realtime" | "async" | "local";
  memory?: number;
  concurrency?: number;
  instance?: string;
  force?: boolean;
  detach?: boolean;
  estimate?: boolean;
}

export const provision = common(
  new Command("provision")
    .description("Serve a version: tried, smoke-tested and proven before it is called live")
    .argument("<model>")
    .option("--version <version>", "which one; the newest accepted without it")
    .option("--model <file>", "bring a package (model.tar.gz) or an ONNX file, and serve it")
    .addOption(
      new Option("--target <target>", "where, if not where the declaration says").choices([
        "serverless",
        "realtime",
        "async",
        "local",
      ]),
    )
    .option("--memory <mb>", "of a serverless endpoint: 1024, 2048 ... 6144", whole)
    .option("--concurrency <n>", "requests at once of a serverless endpoint", whole)
    .option("--instance <type>", "of a realtime or async endpoint, such as ml.m5.large")
    .option("--force", "also a version that the policy refused")
    .option("--detach", "return once it has begun")
    .option("--estimate", "say what a month would cost, and do nothing")
    .addOption(
      new Option("--head <head>", "of an ONNX file: how its output is read").choices([
        "softmax",
        "logits",
        "yolov5",
        "yolov8",
        "nms",
      ]),
    )
    .option("--size <pixels>", "of an ONNX file: its input's side, or WIDTHxHEIGHT")
    .option("--classes <list>", "of an ONNX file: in its outputs' order, if not the declaration's")
    .addOption(
      new Option("--layout <layout>", "of an ONNX file: its input's layout").choices(["NCHW", "NHWC"]),
    )
    .addOption(
      new Option("--resize <how>", "of an ONNX file: how a picture is fitted").choices([
        "letterbox",
        "stretch",
        "crop",
      ]),
    )
    .option("--scale <factor>", "of an ONNX file: what a pixel is multiplied by; 1/255 without it"),
  [
    "sluice provision cats",
    "sluice provision vehicles --version 0a1b2c3d4e5f --memory 4096",
    "sluice provision receipts --model model.tar.gz",
    "sluice provision drones --model best.onnx --head yolov8 --size 640",
  ],
).action(async (model: string, options: ProvisionOptions) => {
  const { api } = open(options);
  demandSense(options);
  if (options.estimate) return estimate(api, model, options);
  const brought = options.model ? await bringFile(api, model, options.model, options) : undefined;
  if (brought && !options.json)
    note(`${model} version ${brought.version}: ${brought.reason ?? brought.status}`);
  if (!brought) await evaluated(api, model, options);
  const { target, memory, concurrency, instance, force } = options;
  const answer = await body(
    api.deployments.$post({
      json: {
        model,
        version: brought?.version ?? options.version,
        target,
        // Which values there are is the API's to say.
        memory: memory as 2048 | undefined,
        concurrency,
        instance,
        force,
      },
    }),
  );
  const { action, version, deployment } = answer;
  // The target "local" has no endpoint.
  const endpoint = answer.endpoint || "this machine";
  if (action === "unchanged" || !deployment || options.detach) {
    if (options.json) return printJson(answer);
    if (action === "unchanged")
      return say(`${endpoint} serves version ${version} already; nothing was changed.`);
    return say(`${action}: ${deployment?.id}. Follow it with: sluice endpoint history ${model}`);
  }
  if (!options.json)
    note(`Version ${version} to ${endpoint}${action === "underway" ? ", under way already" : ""}`);
  const done = await follow(api, deployment, { quiet: options.json });
  if (options.json) return printJson({ ...answer, deployment: done });
  const seconds = ((Date.parse(done.changedAt) - Date.parse(done.startedAt)) / 1_000).toFixed(1);
  say(`${paint("green", "✓")} ${endpoint} serves version ${version} (${seconds} s)`);
  if (done.reason) note(`  ${done.reason}`);
});

/** What would be passed over in silence is refused: an empty variable of a script, a description of no file. */
function demandSense(options: ProvisionOptions) {
  const empty = (["model", "version", "instance"] as const).find((name) => options[name] === "");
  const stray = (["head", "size", "classes", "layout", "resize", "scale"] as const).find(
    (name) => options[name] !== undefined,
  );
  const wrong =
    (empty && `--${empty} is empty.`) ||
    (options.model !== undefined &&
      options.version !== undefined &&
      "--model brings a version of its own.") ||
    (stray && options.model === undefined && `--${stray} describes an ONNX file, and --model names none.`);
  if (wrong)
    throw new Failure("USAGE_WRONG", wrong, {
      exit: EXIT.usage,
      hint: "Leave the option out, or complete it.",
    });
}

/** What a training has just left is waited for; without a version asked for, the newest. */
async function evaluated(api: Client, model: string, { version = "latest", json }: ProvisionOptions) {
  const found = await getVersion(api, { model, version }).catch((error: unknown) => {
    // The request itself says best what is missing.
    if (error instanceof Failure && error.exit === EXIT.missing) return undefined;
    throw error;
  });
  if (found?.evaluation !== "running") return;
  if (!json) note(`Version ${found.version} is being evaluated ...`);
  const done = await judged(api, found);
  if (!json) note(verdictLine(done));
  // Asked for the newest, an older one would be a surprise.
  if (version === "latest" && done.status !== "accepted") checkVerdict(done);
}

async function estimate(api: Client, model: string, { target, memory, instance, json }: ProvisionOptions) {
  const found = await costOf(api, model, {
    memory: memory === undefined ? undefined : String(memory),
    instance,
  });
  const where = target ?? (await body(api.models[":model"].$get({ param: { model } }))).target;
  if (!json) return showHosting(found, where);
  const { monthly, breakEven, assumptions } = found;
  printJson({ target: where, monthly, breakEven, assumptions });
}
