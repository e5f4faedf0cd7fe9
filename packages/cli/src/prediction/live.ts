// Follows the predictions of live updates, with the WebSocket client that the page uses: Node has the same one.
import { followLive } from "@sluice/api/client/live.ts";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { authorization, fetchApi, readProblem } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printNote } from "../terminal/output.ts";
import type { Target } from "../target/target.ts";

interface Watch {
  model?: string;
  /** ISO instant. Default: now. */
  since?: string;
  signal: AbortSignal;
  onPrediction(prediction: Prediction): void;
}

/** Resolves when the signal aborts. */
export async function watchPredictions(target: Target, { model, since, signal, onPrediction }: Watch) {
  const { live, token } = target;
  if (live === undefined)
    throw new Failure("LIVE_MISSING", "The URL of live updates is not set.", {
      exit: EXIT.usage,
      hint: "Set SLUICE_LIVE to the output `live` of the deployment, which starts with wss://.",
    });
  if (token === undefined)
    throw new Failure("TOKEN_MISSING", "Live updates need a token.", {
      exit: EXIT.denied,
      hint: "Set --token TOKEN or SLUICE_TOKEN.",
    });
  const from = since === undefined ? undefined : parseInstant(since);
  const error = await followLive({
    url: live,
    token,
    model,
    since: from,
    signal,
    async readPage(path, query, ended) {
      const url = `${target.api}${path}?${new URLSearchParams(query).toString()}`;
      const response = await fetchApi(url, { headers: authorization(target), signal: ended });
      if (!response.ok) throw await readProblem(response);
      return (await response.json()) as { items: unknown[]; cursor?: string };
    },
    onPrediction(changed) {
      const { data, error: invalid } = Prediction.safeParse(changed);
      if (data) return onPrediction(data);
      const { path, message } = invalid.issues[0]!;
      printNote(
        `Skipped ${changed.id}: ${path.join(".")}: ${message}. Is the server newer than this command?`,
      );
    },
    onListenerError: (thrown) => printNote(`A change was not printed: ${String(thrown)}`),
  });
  if (error)
    throw new Failure(error.code, error.message, {
      exit: error.code === "MODEL_UNKNOWN" ? EXIT.missing : EXIT.denied,
      hint: error.hint,
    });
}

function parseInstant(text: string): string {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new Failure("INPUT_INVALID", `--since: "${text}" is not an ISO timestamp.`, {
    exit: EXIT.usage,
    hint: "Write an instant such as 2026-11-21T08:00:00Z.",
  });
}
