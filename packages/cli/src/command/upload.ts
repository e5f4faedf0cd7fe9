import { stat } from "node:fs/promises";
import path from "node:path";
import { openAsBlob } from "node:fs";
import { Command } from "commander";
import { body, type Client } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { contentTypeOf } from "../content-type.ts";
import { asFailure, EXIT, Failure } from "../failure.ts";
import { post } from "../form.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, plain, printJson, progress, say } from "../output.ts";

/** Files sent at once. */
const LANES = 8;

interface UploadOptions extends CommonOptions {
  model: string;
  prefix?: string;
  type?: string;
}

interface Sent {
  file: string;
  bucket: string;
  key: string;
}

export const upload = common(
  new Command("upload")
    .description("Send files to a model's uploads; each becomes a prediction")
    .argument("<files...>")
    .requiredOption("-m, --model <model>", "the model they are for")
    .option("--prefix <prefix>", "one of the model's key prefixes; the first without it")
    .option("--type <content-type>", "when the file's ending does not tell it"),
  [
    "sluice upload car.jpg --model vehicles",
    "sluice upload photos/*.png -m cats",
    "sluice upload note.txt -m compliance --json",
  ],
).action(async (files: string[], options: UploadOptions) => {
  const { api } = open(options);
  const sent: Sent[] = [];
  const failed: Array<{ file: string; error: Failure }> = [];
  const bar = progress(files.length, "uploading");
  const rest = [...files];
  const show = () => {
    if (options.json)
      return printJson({
        sent,
        failed: failed.map(({ file, error }) => ({
          file,
          code: error.code,
          message: error.message,
          hint: error.hint,
        })),
      });
    for (const { file, key } of sent) say(`${plain(file)} -> ${plain(key)}`);
  };
  const over = onInterrupt(() => {
    show();
    return `Broken off: ${sent.length} of ${files.length} files were sent for certain, and become predictions. Send the others again.`;
  });
  const lane = async () => {
    for (let file = rest.shift(); file !== undefined; file = rest.shift()) {
      try {
        sent.push(await send(api, file, options));
      } catch (error) {
        failed.push({ file, error: asFailure(error) });
      }
      bar.step();
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, files.length) }, lane));
  bar.end();
  over();

  show();
  if (!options.json && sent.length > 0) note(`\nSee them: sluice predictions list ${options.model}`);
  if (failed.length === 0) return;
  if (!options.json)
    for (const { file, error } of failed) note(`${plain(file)}: ${error.code}: ${plain(error.message)}`);
  const [first] = failed;
  throw new Failure(first!.error.code, `${failed.length} of ${files.length} files were not sent.`, {
    exit: first!.error.exit,
    hint: first!.error.hint,
  });
});

export async function send(
  api: Client,
  file: string,
  { model, prefix, type }: Pick<UploadOptions, "model" | "prefix" | "type">,
): Promise<Sent> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile())
    throw new Failure("FILE_MISSING", `${file} is not a file.`, {
      exit: EXIT.missing,
      hint: "Check the path.",
    });
  const contentType = type ?? contentTypeOf(file);
  const form = await body(
    api.uploads.$post({ json: { model, filename: path.basename(file), contentType, prefix } }),
  );
  await post(
    form,
    await openAsBlob(file, { type: contentType }),
    `The model ${model} takes files up to ${form.maxBytes} bytes.`,
  );
  return { file, bucket: form.bucket, key: form.key };
}
