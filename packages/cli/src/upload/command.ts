import { Command } from "commander";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { Failure, failureJson, toFailure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { createProgressBar, print, printJson, printNote, sanitize } from "../terminal/output.ts";
import { type Upload, uploadFile, type UploadRequest } from "./upload.ts";

const CONCURRENCY = 8;

export const upload = withCommonOptions(
  new Command("upload")
    .description("Upload files to a model; each file becomes a prediction")
    .argument("<files...>")
    .requiredOption("-m, --model <model>", "model that processes the files")
    .option("--prefix <prefix>", "one of the model's key prefixes (default: its first)")
    .option("--type <content-type>", "content type, if the file extension does not show it"),
  [
    "npx sluice upload car.jpg --model vehicles",
    "npx sluice upload photos/*.png -m cats",
    "npx sluice upload note.txt -m compliance --json",
  ],
).action(async (files: string[], options: CommonOptions & UploadRequest) => {
  const { api } = connectTarget(options);
  const sent: Upload[] = [];
  const failed: Array<{ file: string; error: Failure }> = [];
  const show = () => {
    if (options.json)
      return printJson({ sent, failed: failed.map(({ file, error }) => ({ file, ...failureJson(error) })) });
    for (const { file, key } of sent) print(`${sanitize(file)} -> ${sanitize(key)}`);
  };
  const release = onInterrupt(() => {
    show();
    return `Interrupted. ${sent.length} of ${files.length} files were uploaded and become predictions. Upload the others again.`;
  });
  const bar = createProgressBar("uploading");
  const queue = [...files];
  const runWorker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      try {
        sent.push(await uploadFile(api, file, options));
      } catch (error) {
        failed.push({ file, error: toFailure(error) });
      }
      bar.update(sent.length + failed.length, files.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, files.length) }, runWorker));
  bar.clear();
  release();

  show();
  if (!options.json && sent.length > 0)
    printNote(
      `\nEach becomes a prediction within seconds. List them: npx sluice predictions list ${options.model}`,
    );
  const [first] = failed;
  if (!first) return;
  if (!options.json)
    for (const { file, error } of failed)
      printNote(`${sanitize(file)}: ${error.code}: ${sanitize(error.message)}`);
  const { code, exit, hint } = first.error;
  throw new Failure(code, `${failed.length} of ${files.length} files were not uploaded.`, { exit, hint });
});
