import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Command, Option } from "commander";
import { common, type CommonOptions, open } from "../common.ts";
import { costOf, showAssumptions, showEstimate } from "../estimate.ts";
import { asFailure, cannotRead, EXIT, Failure, FILE_MISSING } from "../failure.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, paint, plain, printJson } from "../output.ts";
import { byEndpoint, isAbsent } from "../predict/endpoint.ts";
import { localModel, type LocalModel, NO_VERSION } from "../predict/local.ts";
import { type Predicted, showMany, showOne } from "../predict/show.ts";
import { dirOf } from "../target.ts";

interface PredictOptions extends CommonOptions {
  by: "auto" | "endpoint" | "local";
  dir: string;
  estimate?: boolean;
}

export const predict = common(
  new Command("predict")
    .description("Predictions while you wait; they leave no record")
    .argument("<model>")
    .argument("<files...>", "files, or - for standard input")
    .addOption(
      new Option(
        "--by <way>",
        "auto asks the endpoint, and where none is in service the model on this machine",
      )
        .choices(["auto", "endpoint", "local"])
        .default("auto"),
    )
    .option("--estimate", "say what it would cost, and do nothing"),
  [
    "sluice predict vehicles car.jpg",
    "sluice predict vehicles photos/*.jpg --by local",
    "echo 'pay in cash, no receipt' | sluice predict compliance -",
  ],
).action(async (model: string, files: string[], options: PredictOptions) => {
  const { target, api } = open(options);
  if (options.estimate) {
    const found = await costOf(api, model);
    if (options.json) return printJson(found.prediction.endpoint);
    showEstimate("One call of the serverless endpoint", found.prediction.endpoint);
    return showAssumptions(found);
  }

  let local: LocalModel | undefined;
  const here = async () => (local ??= await localModel(api, dirOf(options), model));
  const one = async (file: string): Promise<Predicted> => {
    const bytes = await read(file);
    const started = performance.now();
    const done = (path: Predicted["path"], result: Predicted["result"]) => ({
      file,
      result,
      path,
      ms: performance.now() - started,
    });
    if (options.by === "local" || local) return done("local", await (await here()).predict(file, bytes));
    try {
      return done("endpoint", await byEndpoint(target, model, bytes));
    } catch (error) {
      const failure = asFailure(error);
      if (options.by === "endpoint" || !isAbsent(failure)) throw error;
      const fallback = await here().catch((cause: unknown) => {
        // Neither way: what the user can mend is the endpoint.
        if (asFailure(cause).code === NO_VERSION) throw failure;
        throw cause;
      });
      note(paint("dim", `${failure.message} Asking version ${fallback.version} on this machine.`));
      return done("local", await fallback.predict(file, bytes));
    }
  };

  const all: Predicted[] = [];
  const failed: Array<{ file: string; failure: Failure }> = [];
  const show = () => {
    if (options.json) return printJson([...all.map(jsonOf), ...failed.map(failedJson)]);
    if (all.length > 0) showMany(all);
    for (const { file, failure } of failed)
      note(`${plain(file)}: ${failure.code}: ${plain(failure.message)}`);
  };
  const over = onInterrupt(() => {
    if (files.length === 1) return `Broken off: ${plain(files[0]!)} has no prediction. Run it again.`;
    show();
    const next = files[all.length + failed.length]!;
    return `Broken off: ${all.length} of ${files.length} files have a prediction. Go on from ${plain(next)}.`;
  });
  try {
    if (files.length === 1) {
      const only = await one(files[0]!);
      return options.json ? printJson(jsonOf(only)) : showOne(only);
    }
    for (const file of files) {
      try {
        all.push(await one(file));
      } catch (error) {
        const failure = asFailure(error);
        failed.push({ file, failure });
        // Anything but the file's own fault the next one would meet too.
        if (failure.exit !== EXIT.usage && failure.code !== FILE_MISSING) break;
      }
    }
    show();
    const [first] = failed;
    if (!first) return;
    const { code, exit, hint } = first.failure;
    const without = files.length - all.length;
    throw new Failure(code, `${without} of ${files.length} files have no prediction.`, { exit, hint });
  } finally {
    over();
    await local?.close();
  }
});

const jsonOf = ({ file, path, ms, result }: Predicted) => ({ ...result, file, path, ms });

const failedJson = ({ file, failure: { code, message, hint } }: { file: string; failure: Failure }) => ({
  file,
  error: { code, message, hint },
});

const read = (file: string) =>
  (file === "-" ? buffer(process.stdin) : readFile(file)).catch(cannotRead(file));
