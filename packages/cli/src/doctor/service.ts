import { readBody } from "../target/client.ts";
import { toFailure, EXIT } from "../terminal/failure.ts";
import { type CheckResult, fail, ok, type CheckContext, warn } from "./check.ts";

export async function checkApi({ api: client, target }: CheckContext): Promise<CheckResult[]> {
  const { app, stage } = await readBody(client.health.$get());
  return [ok(`${target.api} serves ${app}, stage ${stage}`)];
}

export async function checkToken({ api: client }: CheckContext): Promise<CheckResult[]> {
  try {
    await readBody(client.models.$get());
    return [ok("the API accepts the token")];
  } catch (error) {
    const failure = toFailure(error);
    if (failure.exit !== EXIT.denied) throw error;
    return [fail(failure.message, failure.hint ?? "Set a token with --token or SLUICE_TOKEN.")];
  }
}

export async function checkEndpoints({ api: client }: CheckContext): Promise<CheckResult[]> {
  await readBody(client.endpoints.refresh.$post());
  const { items } = await readBody(client.models.$get());
  return items.map(({ name, endpoint: { name: endpoint, status, failureReason } }) => {
    if (status === "InService") return ok(`${endpoint} is in service`);
    if (status === "NotProvisioned" || status === "Deleted")
      return warn(
        `${name} has no endpoint. Its uploads wait as pending.`,
        "Train and deploy it: npx sluice train <model>, then npx sluice provision <model>. `npm start` does this for the sample models.",
      );
    const message = `${endpoint} is ${status}${failureReason ? `: ${failureReason}` : ""}.`;
    if (status === "Failed")
      return fail(message, `Read its log: npx sluice logs ${endpoint}. Then deploy it again.`);
    return warn(message, "Wait, then check `npx sluice endpoints list`.");
  });
}

export async function checkQueues({ api: client }: CheckContext): Promise<CheckResult[]> {
  const { items } = await readBody(client.models.$get());
  const results = await Promise.all(
    items.map(async ({ name: model }): Promise<CheckResult[]> => {
      const { deadLetters } = await readBody(client.queues[":model"].$get({ param: { model } }));
      if (deadLetters === 0) return [];
      return [
        warn(
          `${model} has ${deadLetters} dead letters.`,
          `List them: npx sluice predictions list ${model} --status failed. Fix the cause, then: npx sluice redrive ${model}`,
        ),
      ];
    }),
  );
  return results.flat().length > 0 ? results.flat() : [ok("no dead letters")];
}
