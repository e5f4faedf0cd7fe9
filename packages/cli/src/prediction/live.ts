// Reads the live stream of predictions, and reconnects at the last event.
import { setTimeout as wait } from "node:timers/promises";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { authorization, readProblem } from "../target/client.ts";
import { Failure } from "../terminal/failure.ts";
import type { Target } from "../target/target.ts";

const RECONNECT_MS = 1_000;

interface Watch {
  model?: string;
  /** ISO timestamp. Default: now. */
  since?: string;
  signal: AbortSignal;
}

export async function* watchLive(
  target: Target,
  { model, since, signal }: Watch,
): AsyncGenerator<Prediction> {
  let last = since ?? new Date().toISOString();
  while (!signal.aborted) {
    const url = new URL(`${target.live}/live`);
    if (model) url.searchParams.set("model", model);
    try {
      const response = await fetch(url, {
        headers: { ...authorization(target), "last-event-id": last },
        signal,
      });
      if (!response.ok) throw await readProblem(response);
      for await (const event of readEvents(response.body!)) {
        if (event.id) last = event.id;
        if (event.type === "prediction") yield Prediction.parse(JSON.parse(event.data));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Failure) throw error;
      await wait(RECONNECT_MS, undefined, { signal }).catch(() => {});
    }
  }
}

interface ServerSentEvent {
  type: string;
  id: string | undefined;
  data: string;
}

async function* readEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = block.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line));
      const value = (name: string) =>
        fields.filter((field) => field?.[1] === name).map((field) => field![2]!);
      const data = value("data");
      if (data.length > 0)
        yield { type: value("event")[0] ?? "message", id: value("id")[0], data: data.join("\n") };
    }
  }
}
