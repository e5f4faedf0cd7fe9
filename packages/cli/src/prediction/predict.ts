import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { REALTIME_REQUEST_BYTES } from "@sluice/models/limits.ts";
import { Command, Option } from "commander";
import { fetchCost, showAssumptions, showEstimate } from "../cost/estimate.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { stateDir } from "../target/target.ts";
import { isS3Uri, OBJECT_MISSING, readS3Object } from "../target/s3-object.ts";
import { EXIT, Failure, failureJson, failUnreadable, FILE_MISSING, toFailure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { paint, printJson, printNote, sanitize } from "../terminal/output.ts";
import { isEndpointMissing, predictWithEndpoint } from "./endpoint.ts";
import { loadLocalModel, type LocalModel, NO_VERSION } from "./local.ts";
import { type FileResult, showResult, showResults } from "./result.ts";

interface PredictOptions extends CommonOptions {
  by: "auto" | "endpoint" | "local";
  dir: string;
  estimate?: boolean;
  failBelowThreshold?: boolean;
}

export const predict = withCommonOptions(
  new Command("predict")
    .description("Predict files synchronously; nothing is recorded")
    .argument("<model>")
    .argument("<files...>", "files, objects as s3://bucket/key, or - for standard input")
    .addOption(
      new Option(
        "--by <way>",
        "auto: the endpoint, or the model on this machine if no endpoint is in service",
      )
        .choices(["auto", "endpoint", "local"])
        .default("auto"),
    )
    .option("--fail-below-threshold", "exit with 6 if a result is below the threshold of the model")
    .option("--estimate", "print the estimated cost without predicting"),
  [
    "npx sluice predict vehicles car.jpg",
    "npx sluice predict vehicles photos/*.jpg --by local",
    "npx sluice predict vehicles s3://my-bucket/photos/car.jpg --fail-below-threshold",
    "echo 'pay in cash, no receipt' | npx sluice predict compliance -",
  ],
).action(async (model: string, files: string[], options: PredictOptions) => {
  const { target, api } = connectTarget(options);
  if (options.estimate) {
    const cost = await fetchCost(api, model);
    if (options.json) return printJson(cost.prediction.endpoint);
    showEstimate("One call of the serverless endpoint", cost.prediction.endpoint);
    return showAssumptions(cost);
  }

  let local: LocalModel | undefined;
  const getLocalModel = async () => (local ??= await loadLocalModel(api, stateDir(options), model));
  const predictFile = async (file: string): Promise<FileResult> => {
    const bytes = isS3Uri(file)
      ? await readS3Object(file, options, REALTIME_REQUEST_BYTES)
      : await readFileOrInput(file);
    const started = performance.now();
    const toFileResult = (path: FileResult["path"], result: FileResult["result"]) => ({
      file,
      result,
      path,
      ms: performance.now() - started,
    });
    if (options.by === "local" || local)
      return toFileResult("local", await (await getLocalModel()).predict(file, bytes));
    try {
      return toFileResult("endpoint", await predictWithEndpoint(target, model, bytes));
    } catch (error) {
      const failure = toFailure(error);
      if (options.by === "endpoint" || !isEndpointMissing(failure)) throw error;
      const fallback = await getLocalModel().catch((cause: unknown) => {
        // With neither an endpoint nor a version, the endpoint is what the user can fix.
        if (toFailure(cause).code === NO_VERSION) throw failure;
        throw cause;
      });
      printNote(
        paint("dim", `${failure.message} Predicting with version ${fallback.version} on this machine.`),
      );
      return toFileResult("local", await fallback.predict(file, bytes));
    }
  };

  const results: FileResult[] = [];
  const failed: Array<{ file: string; failure: Failure }> = [];
  const show = () => {
    if (options.json) return printJson([...results.map(resultJson), ...failed.map(failedJson)]);
    if (results.length > 0) showResults(results);
    for (const { file, failure } of failed)
      printNote(`${sanitize(file)}: ${failure.code}: ${sanitize(failure.message)}`);
  };
  const release = onInterrupt(() => {
    if (files.length === 1) return `Interrupted. ${sanitize(files[0]!)} has no prediction. Run it again.`;
    show();
    const next = files[results.length + failed.length]!;
    return `Interrupted. ${results.length} of ${files.length} files have a prediction. Continue with ${sanitize(next)}.`;
  });
  const checkThreshold = (found: FileResult[]) => {
    const below = found.filter(({ result }) => !result.gate.passed).length;
    if (!options.failBelowThreshold || below === 0) return;
    process.exitCode = EXIT.below;
    if (!options.json) printNote(`${below} of ${found.length} results are below the threshold.`);
  };
  try {
    if (files.length === 1) {
      const result = await predictFile(files[0]!);
      checkThreshold([result]);
      return options.json ? printJson(resultJson(result)) : showResult(result);
    }
    for (const file of files) {
      try {
        results.push(await predictFile(file));
      } catch (error) {
        const failure = toFailure(error);
        failed.push({ file, failure });
        // An error that is not about this file would repeat for the next one.
        if (failure.exit !== EXIT.usage && !isFileMissing(failure)) break;
      }
    }
    show();
    const [first] = failed;
    if (!first) return checkThreshold(results);
    const { code, exit, hint } = first.failure;
    const missing = files.length - results.length;
    throw new Failure(code, `${missing} of ${files.length} files have no prediction.`, { exit, hint });
  } finally {
    release();
    await local?.close();
  }
});

const resultJson = ({ file, path, ms, result }: FileResult) => ({ ...result, file, path, ms });

const failedJson = ({ file, failure }: { file: string; failure: Failure }) => ({
  file,
  error: failureJson(failure),
});

const isFileMissing = ({ code }: Failure) => code === FILE_MISSING || code === OBJECT_MISSING;

const readFileOrInput = (file: string) =>
  (file === "-" ? buffer(process.stdin) : readFile(file)).catch(failUnreadable(file));
