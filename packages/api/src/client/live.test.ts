// The client against a real server whose answers and clock the test controls.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Clock } from "./connection.ts";
import { followLive, type LiveOptions, type LiveState } from "./live.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-21T04:00:00.000Z");
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** Timers run only when the test moves the time. */
function testClock(now: number) {
  const timers = new Set<{ at: number; callback: () => void }>();
  const clock: Clock = {
    now: () => now,
    random: () => 0.5,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  return {
    clock,
    waits: () => [...timers].map(({ at }) => at - now).toSorted((a, b) => a - b),
    advance(ms: number) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now))
        if (timers.delete(timer)) timer.callback();
    },
  };
}

async function startServer() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const sockets: ServerSocket[] = [];
  const received: Record<string, unknown>[] = [];
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.on("message", (data: Buffer) => received.push(JSON.parse(data.toString())));
  });
  const close = () => {
    for (const socket of sockets) socket.terminate();
    return new Promise((resolve) => server.close(resolve));
  };
  cleanups.push(close);
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    received,
    close,
    async messages(count: number) {
      await expect.poll(() => received.length).toBe(count);
    },
    send: (message: object) => sockets.at(-1)!.send(JSON.stringify(message)),
  };
}

const predictionOf = (id: string, changedAt: string) => ({ id, changedAt, model: "cats" }) as Prediction;
const isoAt = (ms: number) => new Date(ms).toISOString();
const subscribedAt = (ms: number, more: object = {}) => ({
  type: "subscribed",
  at: isoAt(ms),
  from: isoAt(ms),
  predictions: [],
  events: [],
  more: false,
  ...more,
});

function start(url: string, clock: Clock, more: Partial<LiveOptions> = {}) {
  const controller = new AbortController();
  cleanups.unshift(() => controller.abort());
  const states: LiveState[] = [];
  const seen: string[] = [];
  const result = followLive({
    url,
    token: "slc_1",
    signal: controller.signal,
    clock,
    readPage: () => Promise.reject(new Error("Nothing was missed.")),
    onState: (state) => states.push(state),
    onPrediction: ({ id, changedAt }) => seen.push(`${id} ${changedAt}`),
    ...more,
  });
  return { states, seen, result, live: (count: number) => liveTimes(states, count) };
}

async function liveTimes(states: LiveState[], count: number) {
  await expect.poll(() => states.filter((state) => state === "live").length).toBe(count);
}

/** Subscribed at the server's time, which is a day ahead of the client's. */
const SERVER = START + 86_400_000;
async function subscribed(more: Partial<LiveOptions> = {}) {
  const server = await startServer();
  const time = testClock(START);
  const client = start(server.url, time.clock, more);
  await server.messages(1);
  server.send(subscribedAt(SERVER));
  await client.live(1);
  return { server, time, client };
}

test("the token is in the first message, not in the address", async () => {
  const { server, client } = await subscribed({ model: "cats" });
  expect(server.received).toEqual([{ action: "subscribe", token: "slc_1", model: "cats", after: 0 }]);
  expect(client.states).toEqual(["connecting", "live"]);
});

test("missed changes are asked for by the server's clock, and once more for a lagging index", async () => {
  const { server, time, client } = await subscribed();
  time.advance(5_000);
  await server.messages(2);
  expect(server.received[1]).toMatchObject({ action: "subscribe", after: isoAt(SERVER) });
  server.send(subscribedAt(SERVER + 5_000, { predictions: [predictionOf("prd_1", isoAt(SERVER))] }));
  await expect.poll(() => client.seen).toEqual([`prd_1 ${isoAt(SERVER)}`]);
  expect(client.states).toEqual(["connecting", "live"]);
});

test("after four silent minutes it pings; without a response it reconnects", async () => {
  const { server, time, client } = await subscribed();
  time.advance(3 * MINUTE);
  server.send({ type: "changes", at: isoAt(SERVER + 3 * MINUTE), predictions: [], events: [] });
  await expect.poll(() => time.waits()).toContain(4 * MINUTE);
  time.advance(4 * MINUTE);
  await server.messages(3);
  expect(server.received[2]).toEqual({ action: "ping" });
  time.advance(15_000);
  await expect.poll(() => time.waits()).toContain(250);
  time.advance(250);
  await server.messages(4);
  server.send(subscribedAt(SERVER + 8 * MINUTE));
  await client.live(2);
  expect(client.states).toEqual(["connecting", "live", "live"]);
});

test("it reconnects before two hours, and reads what may have arrived late", async () => {
  const { server, time, client } = await subscribed();
  time.advance(5_000);
  await server.messages(2);
  server.send(subscribedAt(SERVER + 5_000));
  for (let minutes = 4; minutes <= 104; minutes += 4) {
    await expect.poll(() => time.waits()).toContain(4 * MINUTE);
    time.advance(4 * MINUTE);
    await server.messages(2 + minutes / 4);
    server.send({ type: "pong", at: isoAt(SERVER + minutes * MINUTE) });
  }
  await expect.poll(() => time.waits()).toContain(4 * MINUTE);
  time.advance(4 * MINUTE);
  await expect.poll(() => time.waits()).toEqual([250]);
  time.advance(250);
  await server.messages(29);
  server.send(subscribedAt(SERVER + 108 * MINUTE));
  await client.live(2);
  expect(server.received.at(-1)).toMatchObject({ after: isoAt(SERVER + 94 * MINUTE) });
  expect(client.states).toEqual(["connecting", "live", "live"]);
});

test("a failed attempt is shown; the waits grow, and end when the network is back", async () => {
  const wakes = new Set<() => void>();
  const { server, time, client } = await subscribed({
    onWake(callback) {
      wakes.add(callback);
      return () => wakes.delete(callback);
    },
  });
  await server.close();
  for (const wait of [500, 1_000, 2_000]) {
    await expect.poll(() => time.waits()).toEqual([wait]);
    for (const wake of wakes) wake();
  }
  await expect.poll(() => client.states.at(-1)).toBe("waiting");
});

test("an older state that arrives after a newer one is not reported, and nothing is reported twice", async () => {
  const { server, client } = await subscribed();
  const [older, newer] = [isoAt(SERVER + 1), isoAt(SERVER + 2)];
  const message = (changedAt: string) => ({
    type: "changes",
    at: isoAt(SERVER + 3),
    predictions: [predictionOf("prd_1", changedAt)],
    events: [],
  });
  for (const changedAt of [newer, older, newer]) server.send(message(changedAt));
  server.send({ ...message(newer), predictions: [predictionOf("prd_2", newer)] });
  await expect.poll(() => client.seen.length).toBe(2);
  expect(client.seen).toEqual([`prd_1 ${newer}`, `prd_2 ${newer}`]);
});

test("a listener that throws does not lose the changes after it", async () => {
  const reported: string[] = [];
  const errors: unknown[] = [];
  const { server } = await subscribed({
    onPrediction({ id }) {
      if (id === "prd_a") throw new Error("broken listener");
      reported.push(id);
    },
    onListenerError: (error) => errors.push(error),
  });
  const predictions = ["prd_a", "prd_b"].map((id) => predictionOf(id, "2026-11-22T04:00:01Z"));
  server.send({ type: "changes", at: isoAt(SERVER + 1_000), predictions, events: [] });
  await expect.poll(() => reported).toEqual(["prd_b"]);
  expect(errors).toEqual([new Error("broken listener")]);
});

test("more missed changes than a message holds come from the lists, before it is live; a failed read is repeated", async () => {
  const server = await startServer();
  const time = testClock(START);
  const since = isoAt(SERVER - MINUTE);
  let failing = true;
  const client = start(server.url, time.clock, {
    since,
    readPage: (path, { from }) =>
      failing
        ? Promise.reject(new Error("503"))
        : Promise.resolve({ items: path === "/changes" ? [predictionOf("prd_1", from!)] : [] }),
  });
  for (const attempt of [1, 2]) {
    await server.messages(attempt);
    expect(server.received.at(-1)).toMatchObject({ after: since });
    server.send(subscribedAt(SERVER, { from: since, more: true }));
    if (attempt === 2) break;
    await expect.poll(() => client.states).toEqual(["connecting", "waiting"]);
    failing = false;
    await expect.poll(() => time.waits()).toEqual([500]);
    time.advance(500);
  }
  await client.live(1);
  expect(client.seen).toEqual([`prd_1 ${since}`]);
});

test("while it reads the lists, it is not live, and does not subscribe again", async () => {
  const server = await startServer();
  const time = testClock(START);
  const list = Promise.withResolvers<{ items: unknown[] }>();
  const client = start(server.url, time.clock, { readPage: () => list.promise });
  await server.messages(1);
  server.send(subscribedAt(SERVER, { more: true }));
  server.send({
    type: "changes",
    at: isoAt(SERVER + 1),
    predictions: [predictionOf("prd_1", "1")],
    events: [],
  });
  await expect.poll(() => client.seen.length).toBe(1);
  expect(time.waits()).not.toContain(5_000);
  expect(client.states).toEqual(["connecting"]);
  list.resolve({ items: [] });
  await client.live(1);
  expect(time.waits()).toContain(5_000);
});

test("with more missed pages than wanted, the lists are reset", async () => {
  let resets = 0;
  const server = await startServer();
  const client = start(server.url, testClock(START).clock, {
    maxPages: 3,
    readPage: (path) => Promise.resolve({ items: [], cursor: path === "/changes" ? "more" : undefined }),
    onReset: () => resets++,
  });
  await server.messages(1);
  server.send(subscribedAt(SERVER, { more: true }));
  await client.live(1);
  expect(resets).toBe(1);
});

test("an error of the token ends it, an error of the gateway does not", async () => {
  const { server, time, client } = await subscribed();
  server.send({ message: "Internal server error", connectionId: "c", requestId: "r" });
  await expect.poll(() => time.waits()).toEqual([500]);
  time.advance(500);
  await server.messages(2);
  const error = { type: "error", code: "TOKEN_INVALID", message: "unknown or expired", hint: "Create one." };
  server.send(error);
  expect(await client.result).toEqual(error);
});
