import { formatSummary } from "../prediction/format.ts";
import { waitForPrediction } from "../sample/deploy.ts";
import { SAMPLE_MODELS, sampleFiles } from "../sample/package.ts";
import { readBody } from "../target/client.ts";
import { uploadFile } from "../upload/upload.ts";
import { type CheckContext, type CheckResult, fail, ok, warn } from "./check.ts";

/** End to end: uploads a sample file to each sample model and waits for its prediction. */
export async function checkSample({ api, dir }: CheckContext): Promise<CheckResult[]> {
  const { items } = await readBody(api.models.$get());
  const inService = items.filter(({ endpoint }) => endpoint.status === "InService").map(({ name }) => name);
  const models = SAMPLE_MODELS.filter((model) => inService.includes(model));
  if (models.length === 0)
    return [
      warn("No sample model is in service.", "Deploy the sample models: npm start, without --no-samples."),
    ];
  return Promise.all(
    models.map(async (model) => {
      const [first] = await sampleFiles(dir, model);
      const { key } = await uploadFile(api, first!.file, { model });
      const prediction = await waitForPrediction(api, model, key);
      if (prediction?.status === "completed" || prediction?.status === "rejected")
        return ok(
          `${model} predicted ${formatSummary(prediction)} for a sample of ${first!.truth} in ${prediction.timings?.totalMs ?? "?"} ms`,
        );
      const error = prediction?.error;
      return fail(
        prediction
          ? `${key} is ${prediction.status}${error ? `: ${error.code}: ${error.message}` : ""}.`
          : `${key} has no prediction after one minute.`,
        error?.hint ?? `Read the log: npx sluice logs ${model} --since 5m`,
      );
    }),
  );
}
