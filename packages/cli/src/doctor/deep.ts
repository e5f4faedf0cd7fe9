// The whole way once more: a sample file in, its prediction out.
import { body } from "../client.ts";
import { send } from "../command/upload.ts";
import { predicted } from "../start/show.ts";
import { SAMPLE_MODELS, sampleFiles } from "../start/samples.ts";
import { finding } from "../prediction.ts";
import { type Answer, fail, ok, type Patient, warn } from "./check.ts";

export async function sample({ api, dir }: Patient): Promise<Answer[]> {
  const { items } = await body(api.models.$get());
  const serving = items.filter(({ endpoint }) => endpoint.status === "InService").map(({ name }) => name);
  const models = SAMPLE_MODELS.filter((model) => serving.includes(model));
  if (models.length === 0)
    return [warn("No sample model is in service to try.", "Deploy them: npm start, without --no-samples.")];
  return Promise.all(
    models.map(async (model) => {
      const [first] = await sampleFiles(dir, model);
      const { key } = await send(api, first!.file, { model });
      const prediction = await predicted(api, model, key);
      if (prediction?.status === "completed" || prediction?.status === "rejected")
        return ok(
          `a ${first!.truth} sent to ${model} came back as ${finding(prediction)} in ${prediction.timings?.totalMs ?? "?"} ms`,
        );
      const error = prediction?.error;
      return fail(
        `${key} ended as ${prediction?.status ?? "nothing within a minute"}${error ? `: ${error.code}: ${error.message}` : ""}.`,
        error?.hint ?? `Follow it: sluice logs ${model} --since 5m`,
      );
    }),
  );
}
