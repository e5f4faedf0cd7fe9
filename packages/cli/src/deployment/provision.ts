import path from "node:path";
import { Command, Option } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget, positiveInteger } from "../target/options.ts";
import { downloadS3Object, isS3Uri } from "../target/s3-object.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { followDeployment } from "./follow.ts";
import { fetchCost, showHosting } from "../cost/estimate.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { uploadModel, type OnnxOptions } from "../version/upload.ts";
import { evaluationLine, getVersion, requireAccepted, waitForEvaluation } from "../version/evaluation.ts";
import { printNote, paint, printJson, print } from "../terminal/output.ts";

interface ProvisionOptions extends CommonOptions, OnnxOptions {
  version?: string;
  package?: string;
  target?: "serverless" | "realtime" | "async" | "local";
  memory?: number;
  concurrency?: number;
  instance?: string;
  force?: boolean;
  detach?: boolean;
  estimate?: boolean;
}

export const provision = withCommonOptions(
  new Command("provision")
    .description("Deploy a version to an endpoint, with a smoke test before it is live")
    .argument("<model>")
    .option("--version <version>", "version to deploy (default: the newest accepted)")
    .option("--package <file>", "import and deploy a model.tar.gz or an ONNX file, also s3://bucket/key")
    .addOption(
      new Option("--target <target>", "deployment target (default: as declared)").choices([
        "serverless",
        "realtime",
        "async",
        "local",
      ]),
    )
    .option("--memory <mb>", "memory of a serverless endpoint: 1024, 2048 ... 6144", positiveInteger)
    .option("--concurrency <n>", "concurrent requests of a serverless endpoint", positiveInteger)
    .option("--instance <type>", "instance type of a realtime or async endpoint, such as ml.m5.large")
    .option(
      "--force",
      "deploy a version that the policy refused, or retry the declared memory and concurrency after a quota increase",
    )
    .option("--detach", "return as soon as the deployment has started")
    .option("--estimate", "print the estimated monthly cost without deploying")
    .addOption(
      new Option("--head <head>", "ONNX file: format of the output").choices([
        "softmax",
        "logits",
        "yolov5",
        "yolov8",
        "nms",
      ]),
    )
    .option("--size <pixels>", "ONNX file: input size, one side or WIDTHxHEIGHT")
    .option("--classes <list>", "ONNX file: classes in output order (default: as declared)")
    .addOption(new Option("--layout <layout>", "ONNX file: layout of the input").choices(["NCHW", "NHWC"]))
    .addOption(
      new Option("--resize <how>", "ONNX file: how an image is resized").choices([
        "letterbox",
        "stretch",
        "crop",
      ]),
    )
    .option("--scale <factor>", "ONNX file: factor for pixel values (default: 1/255)"),
  [
    "npx sluice provision cats",
    "npx sluice provision vehicles --version 0a1b2c3d4e5f --memory 4096",
    "npx sluice provision receipts --package model.tar.gz",
    "npx sluice provision receipts --package s3://my-bucket/models/receipts.tar.gz",
    "npx sluice provision drones --package best.onnx --head yolov8 --size 640",
  ],
).action(async (model: string, options: ProvisionOptions) => {
  const { api } = connectTarget(options);
  checkOptions(options);
  if (options.estimate) return showMonthlyCost(api, model, options);
  const imported = options.package ? await importPackage(api, model, options.package, options) : undefined;
  if (imported && !options.json)
    printNote(`${model} version ${imported.version}: ${imported.reason ?? imported.status}`);
  if (!imported) await waitForNewVersion(api, model, options);
  const { target, memory, concurrency, instance, force } = options;
  const response = await readBody(
    api.deployments.$post({
      json: {
        model,
        version: imported?.version ?? options.version,
        target,
        // The API checks the value.
        memory: memory as 2048 | undefined,
        concurrency,
        instance,
        force,
      },
    }),
  );
  const { action, version, deployment } = response;
  // The target "local" has no endpoint.
  const endpoint = response.endpoint || "this machine";
  if (action === "unchanged" || !deployment || options.detach) {
    if (options.json) return printJson(response);
    if (response.warning) printNote(`${paint("yellow", "!")} ${response.warning}`);
    if (action === "unchanged")
      return print(`${endpoint} already serves version ${version}. Nothing was changed.`);
    return print(`${deployment?.id}: ${action}. Check its status: npx sluice deployments list ${model}`);
  }
  if (!options.json)
    printNote(
      `Deploying version ${version} to ${endpoint}${action === "underway" ? " (already in progress)" : ""}`,
    );
  if (!options.json) for (const note of settingNotes(deployment.changes, options)) printNote(note);
  const done = await followDeployment(api, deployment, { quiet: options.json });
  if (options.json) return printJson({ ...response, deployment: done });
  const seconds = ((Date.parse(done.changedAt) - Date.parse(done.startedAt)) / 1_000).toFixed(1);
  print(`${paint("green", "✓")} ${endpoint} serves version ${version} (${seconds} s)`);
  if (done.reason) printNote(`${paint("yellow", "!")} ${done.reason}`);
});

async function importPackage(api: Client, model: string, source: string, options: ProvisionOptions) {
  if (!isS3Uri(source)) return uploadModel(api, model, source, options);
  const { folder, remove } = await createTempFolder("package");
  try {
    const file = path.join(folder, path.posix.basename(source));
    if (!options.json) printNote(`Downloading ${source} ...`);
    await downloadS3Object(source, options, file);
    return await uploadModel(api, model, file, options);
  } finally {
    remove();
  }
}

/** The settings that an earlier deployment had by an option, and that this one takes from the declaration. */
function settingNotes(changes: readonly string[] = [], options: ProvisionOptions): string[] {
  return changes.flatMap((change) => {
    const [, name, from, to] = /^(memory|concurrency|instance) (\S+) -> (\S+)$/.exec(change) ?? [];
    if (name === undefined || options[name as "memory"] !== undefined) return [];
    return [`  ${name} changes from ${from} to ${to}, as declared. To keep it, add --${name} ${from}.`];
  });
}

/** Rejects options that would have no effect, such as an empty variable of a script. */
function checkOptions(options: ProvisionOptions) {
  const empty = (["package", "version", "instance"] as const).find((name) => options[name] === "");
  const unused = (["head", "size", "classes", "layout", "resize", "scale"] as const).find(
    (name) => options[name] !== undefined,
  );
  const wrong =
    (empty && `--${empty} is empty.`) ||
    (options.package !== undefined &&
      options.version !== undefined &&
      "--package and --version exclude each other.") ||
    (unused && options.package === undefined && `--${unused} needs --package with an ONNX file.`);
  if (wrong)
    throw new Failure("USAGE_WRONG", wrong, {
      exit: EXIT.usage,
      hint: "Remove the option, or set its value.",
    });
}

/** Waits for the evaluation of the version to deploy, such as one that was just trained. */
async function waitForNewVersion(api: Client, model: string, { version = "latest", json }: ProvisionOptions) {
  const found = await getVersion(api, { model, version }).catch((error: unknown) => {
    // The deployment request then fails with a better message.
    if (error instanceof Failure && error.exit === EXIT.missing) return undefined;
    throw error;
  });
  if (found?.evaluation !== "running") return;
  if (!json) printNote(`Evaluating version ${found.version} ...`);
  const done = await waitForEvaluation(api, found);
  if (!json) printNote(evaluationLine(done));
  // Do not fall back to an older version silently.
  if (version === "latest" && done.status !== "accepted") requireAccepted(done);
}

async function showMonthlyCost(
  api: Client,
  model: string,
  { target, memory, instance, json }: ProvisionOptions,
) {
  const found = await fetchCost(api, model, {
    memory: memory === undefined ? undefined : String(memory),
    instance,
  });
  const where = target ?? (await readBody(api.models[":model"].$get({ param: { model } }))).target;
  if (!json) return showHosting(found, where);
  const { monthly, breakEven, assumptions } = found;
  printJson({ target: where, monthly, breakEven, assumptions });
}
