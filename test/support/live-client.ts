// Clients of live updates: the one that the page and the command line use, and a bare socket.
import { followLive, type LiveOptions, type LiveState } from "@sluice/api/client/live.ts";
import { db } from "@sluice/core/db.ts";
import { publish } from "@sluice/core/event/publish.ts";
import type { LiveEvent } from "@sluice/core/live/live.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { until } from "./until.ts";

interface Place {
  liveUrl: string;
  apiUrl: string;
}

/** Follows until it is stopped, and records all it reports. */
export function follow(
  { liveUrl, apiUrl }: Place,
  token: string,
  more: Partial<Pick<LiveOptions, "model" | "since" | "clock" | "onPrediction">> = {},
) {
  const controller = new AbortController();
  const predictions: Prediction[] = [];
  const events: LiveEvent[] = [];
  const states: LiveState[] = [];
  const result = followLive({
    url: liveUrl,
    token,
    signal: controller.signal,
    async readPage(path, query, signal) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${apiUrl}${path}?${new URLSearchParams(query).toString()}`, {
        headers,
        signal,
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as { items: unknown[]; cursor?: string };
    },
    onState: (state) => states.push(state),
    onEvent: (event) => events.push(event),
    ...more,
    onPrediction(prediction) {
      predictions.push(prediction);
      more.onPrediction?.(prediction);
    },
  });
  return {
    result,
    predictions,
    events,
    states,
    ids: () => predictions.map(({ id }) => id),
    /** Until it was live this many times. */
    live: (times = 1) =>
      until(async () => expectCount(states.filter((state) => state === "live").length, times)),
    /** Until the prediction was reported. */
    received: (id: string) =>
      until(async () => expectCount(predictions.filter((one) => one.id === id).length, 1)),
    async stop() {
      controller.abort();
      await result;
    },
  };
}

/** A socket that sends what it is told to, and records what it receives. */
export async function openSocket(url: string) {
  const socket = new WebSocket(url);
  const messages: Record<string, unknown>[] = [];
  let closed = false;
  socket.addEventListener("message", ({ data }) => messages.push(JSON.parse(String(data))));
  socket.addEventListener("close", () => (closed = true));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  return {
    messages,
    closed: () => until(async () => expectCount(closed ? 1 : 0, 1)),
    close: () => socket.close(),
    /** The next message after this one was sent. */
    async ask(message: unknown) {
      const before = messages.length;
      socket.send(typeof message === "string" ? message : JSON.stringify(message));
      await until(async () => expectCount(messages.length, before + 1));
      return messages[before]!;
    },
    count: (count: number) => until(async () => expectCount(messages.length, count)),
  };
}

function expectCount(found: number, wanted: number) {
  if (found < wanted) throw new Error(`There are ${found} of ${wanted}.`);
}

/** Writes a prediction as a worker does, without its event. */
export async function writePrediction(id: string, model = "vehicles", at = new Date().toISOString()) {
  const day = at.slice(0, 10);
  await db()
    .entities.prediction.put({
      id,
      model,
      task: "image-classification",
      status: "completed",
      source: { bucket: "uploads", key: `uploads/${model}/${id}.jpg` },
      attempts: 1,
      createdAt: at,
      day,
      bucket: day,
      changedAt: at,
      changedDay: day,
    })
    .go();
}

export const endOf = (id: string, model = "vehicles") => ({
  type: "prediction.completed" as const,
  detail: {
    id,
    model,
    status: "completed" as const,
    source: { bucket: "uploads", key: `uploads/${model}/${id}.jpg` },
    finishedAt: new Date().toISOString(),
  },
});

/** Changes a prediction, and publishes it. */
export async function changePrediction(id: string, model = "vehicles"): Promise<void> {
  await writePrediction(id, model);
  await publish([endOf(id, model)]);
}
