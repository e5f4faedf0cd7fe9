// What the API says: that it answers, knows us, and how each model fares.
import { body } from "../client.ts";
import { asFailure, EXIT } from "../failure.ts";
import { type Answer, fail, ok, type Patient, warn } from "./check.ts";

export async function api({ api: client, target }: Patient): Promise<Answer[]> {
  const { app, stage } = await body(client.health.$get());
  return [ok(`${target.api} answers for ${app}, stage ${stage}`)];
}

export async function token({ api: client }: Patient): Promise<Answer[]> {
  try {
    await body(client.models.$get());
    return [ok("the API takes the token")];
  } catch (error) {
    const failure = asFailure(error);
    if (failure.exit !== EXIT.denied) throw error;
    return [fail(failure.message, failure.hint ?? "Give a token by --token or SLUICE_TOKEN.")];
  }
}

export async function endpoints({ api: client }: Patient): Promise<Answer[]> {
  await body(client.endpoints.refresh.$post());
  const { items } = await body(client.models.$get());
  return items.map(({ name, endpoint: { name: endpoint, status, failureReason } }) => {
    if (status === "InService") return ok(`${endpoint} is in service`);
    if (status === "NotProvisioned" || status === "Deleted")
      return warn(
        `${name} has no endpoint; its uploads wait as pending.`,
        "Serve a trained package: sluice provision <model> --model model.tar.gz (`npm start` does so for the sample models).",
      );
    const said = `${endpoint} is ${status}${failureReason ? `: ${failureReason}` : ""}.`;
    if (status === "Failed") return fail(said, `Read why: sluice logs ${endpoint}, then deploy it anew.`);
    return warn(said, "Wait; look again with `sluice endpoint list`.");
  });
}

export async function queues({ api: client }: Patient): Promise<Answer[]> {
  const { items } = await body(client.models.$get());
  const answers = await Promise.all(
    items.map(async ({ name: model }): Promise<Answer[]> => {
      const { deadLetters } = await body(client.queues[":model"].$get({ param: { model } }));
      if (deadLetters === 0) return [];
      return [
        warn(
          `${model} has ${deadLetters} dead letters.`,
          `See \`sluice predictions list ${model} --status failed\`, mend the cause, then: sluice redrive ${model}`,
        ),
      ];
    }),
  );
  return answers.flat().length > 0 ? answers.flat() : [ok("no dead letters")];
}
