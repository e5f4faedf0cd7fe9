// Live updates over the WebSocket API: what arrives, how often, and at whom.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { DeleteConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { Clock } from "@sluice/api/client/connection.ts";
import { connections as gateway } from "@sluice/core/aws/connections.ts";
import { db } from "@sluice/core/db.ts";
import { commit } from "@sluice/core/event/record.ts";
import { closeConnection, listConnections } from "@sluice/core/live/close.ts";
import { sendChanges } from "@sluice/core/live/send.ts";
import * as Token from "@sluice/core/token/manage.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launch, sluice } from "../cli/sluice.ts";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { changePrediction, endOf, follow, openSocket, writePrediction } from "../support/live-client.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
}, 120_000);
afterAll(() => stage.dispose());
beforeEach(async () => {
  await stage.faults();
  for (const { id } of await listConnections()) await closeConnection(id);
});

const tokenOf = async (scopes: ("read" | "upload")[] = ["read"], expiresAt?: string) =>
  (await Token.createToken({ name: "viewer", scopes, expiresAt })).token;

const labels = (id: string) => ({
  type: "labels.changed" as const,
  detail: { id, model: "vehicles", added: 1, changed: 0, removed: 0, source: "test", changedAt: "2026" },
});

test("a change arrives once at each client, at a client of a model only if it is of that model", async () => {
  const token = await tokenOf();
  const all = follow(stage, token);
  const cats = follow(stage, token, { model: "cats" });
  await Promise.all([all.live(), cats.live()]);
  await changePrediction("prd_a", "vehicles");
  await changePrediction("prd_b", "cats");
  await Promise.all([all.received("prd_a"), all.received("prd_b"), cats.received("prd_b")]);
  expect(all.ids().toSorted()).toEqual(["prd_a", "prd_b"]);
  expect(cats.ids()).toEqual(["prd_b"]);
  await Promise.all([all.stop(), cats.stop()]);
}, 60_000);

test("a stored event arrives with the id of its record", async () => {
  const client = follow(stage, await tokenOf());
  await client.live();
  await commit([labels("imp_live")], Date.now(), () => []);
  await until(async () => expect(client.events).toHaveLength(1));
  const { data } = await db().entities.event.query.bySubject({ subject: "imp_live" }).go();
  expect(client.events).toEqual([
    { id: data[0]!.id, type: "labels.changed", subject: "imp_live", model: "vehicles" },
  ]);
  await client.stop();
}, 60_000);

test("many events at once become one message, with the latest state of each prediction in order", async () => {
  const socket = await openSocket(stage.liveUrl);
  expect(await socket.ask({ action: "subscribe", token: await tokenOf(), after: 0 })).toMatchObject({
    type: "subscribed",
  });
  await writePrediction("prd_c2", "vehicles", "2026-11-02T00:00:00.002Z");
  await writePrediction("prd_c1", "vehicles", "2026-11-02T00:00:00.001Z");
  const ids = ["prd_c2", "prd_c1", "prd_c2", "prd_c1", "prd_c2"];
  await sendChanges(
    ids.map((id) => endOf(id)),
    Date.now(),
  );
  await socket.count(2);
  expect(socket.messages[1]).toMatchObject({
    type: "changes",
    predictions: [{ id: "prd_c1" }, { id: "prd_c2" }],
    events: [],
  });
  socket.close();
}, 60_000);

test.each([
  ["no JSON", "not json", { code: "INPUT_INVALID" }],
  ["a long message", { action: "subscribe", token: "x".repeat(3_000), after: 0 }, { code: "INPUT_INVALID" }],
  ["an unknown field", { action: "ping", token: "x" }, { code: "INPUT_INVALID" }],
  ["no token", { action: "subscribe", after: 0 }, { code: "INPUT_INVALID" }],
  ["a false token", { action: "subscribe", token: "slc_x", after: 0 }, { code: "TOKEN_INVALID" }],
  ["a ping before it subscribes", { action: "ping" }, { code: "NOT_SUBSCRIBED" }],
  ["an unknown action", { action: "publish" }, { message: "Forbidden" }],
])(
  "a client with %s gets an error, and nothing else",
  async (_, message, error) => {
    const socket = await openSocket(stage.liveUrl);
    // The gateway itself rejects what selects no route.
    const expected = message === "not json" ? { message: "Forbidden" } : error;
    expect(await socket.ask(message)).toMatchObject(expected);
    await expectSilent(socket);
  },
  60_000,
);

test("a token without the scope `read`, and an unknown model, are rejected", async () => {
  const socket = await openSocket(stage.liveUrl);
  const uploader = await tokenOf(["upload"]);
  const token = await tokenOf();
  expect(await socket.ask({ action: "subscribe", token: uploader, after: 0 })).toMatchObject({
    code: "SCOPE_MISSING",
  });
  expect(await socket.ask({ action: "subscribe", token, model: "dogs", after: 0 })).toMatchObject({
    code: "MODEL_UNKNOWN",
  });
  await expectSilent(socket);
}, 60_000);

/** A change that another client receives is not sent to this one. */
async function expectSilent(socket: Awaited<ReturnType<typeof openSocket>>) {
  const client = follow(stage, await tokenOf());
  await client.live();
  expect(await listConnections()).toHaveLength(1);
  const before = socket.messages.length;
  await changePrediction("prd_silent");
  await client.received("prd_silent");
  expect(socket.messages).toHaveLength(before);
  await client.stop();
  socket.close();
}

test("a revoked token is cut off at once, and its client does not return", async () => {
  const [revoked, valid] = [await tokenOf(), await tokenOf()];
  const client = follow(stage, revoked);
  const other = follow(stage, valid);
  await Promise.all([client.live(), other.live()]);
  await Token.revokeToken(Token.hashToken(revoked));
  expect(await client.result).toMatchObject({ code: "TOKEN_INVALID" });
  expect((await listConnections()).map(({ token }) => token)).toEqual([Token.hashToken(valid)]);
  await other.stop();
}, 60_000);

test("an expired token is cut off with the next change, which it does not receive", async () => {
  const now = Date.now();
  const token = await tokenOf(["read"], new Date(now + 3_600_000).toISOString());
  const socket = await openSocket(stage.liveUrl);
  await socket.ask({ action: "subscribe", token, after: 0 });
  await writePrediction("prd_expired");
  await sendChanges([endOf("prd_expired")], now + 3_600_001);
  await socket.closed();
  expect(socket.messages.slice(1)).toMatchObject([{ type: "error", code: "TOKEN_INVALID" }]);
  expect(await listConnections()).toEqual([]);
}, 60_000);

test("a client that is not reached before the deadline is closed, so that it resumes", async () => {
  const socket = await openSocket(stage.liveUrl);
  await socket.ask({ action: "subscribe", token: await tokenOf(), after: 0 });
  await writePrediction("prd_deadline");
  await sendChanges([endOf("prd_deadline")], Date.now(), Date.now());
  await socket.closed();
  expect(socket.messages).toHaveLength(1);
  expect(await listConnections()).toEqual([]);
}, 60_000);

test("a token has at most 50 connections: the oldest is closed for a new one", async () => {
  const token = await tokenOf();
  const oldest = await openSocket(stage.liveUrl);
  await oldest.ask({ action: "subscribe", token, after: 0 });
  const other = await openSocket(stage.liveUrl);
  await other.ask({ action: "subscribe", token: await tokenOf(), after: 0 });
  const newer = [];
  for (let count = 0; count < 50; count++) {
    const socket = await openSocket(stage.liveUrl);
    newer.push(socket);
    expect(await socket.ask({ action: "subscribe", token, after: 0 })).toMatchObject({ type: "subscribed" });
  }
  await oldest.closed();
  expect(await listConnections()).toHaveLength(51);
  for (const socket of [other, ...newer]) socket.close();
}, 60_000);

test("a client that left is forgotten, and the others receive the change", async () => {
  const token = await tokenOf();
  const [left, stays] = [await openSocket(stage.liveUrl), await openSocket(stage.liveUrl)];
  for (const socket of [left, stays]) await socket.ask({ action: "subscribe", token, after: 0 });
  left.close();
  await left.closed();
  await changePrediction("prd_left");
  await stays.count(2);
  expect(stays.messages[1]).toMatchObject({ predictions: [{ id: "prd_left" }] });
  await until(async () => expect(await listConnections()).toHaveLength(1));
  stays.close();
}, 60_000);

test("a client that a change could not be sent to reconnects, and receives it once", async () => {
  const client = follow(stage, await tokenOf());
  await client.live();
  const fault = { kind: "error", status: 500, code: "InternalServerError", times: 3 };
  await stage.faults({ point: "apigateway:PostToConnection", ...fault });
  await changePrediction("prd_failed");
  await client.received("prd_failed");
  await client.live(2);
  await changePrediction("prd_after");
  await client.received("prd_after");
  expect(client.ids()).toEqual(["prd_failed", "prd_after"]);
  await client.stop();
}, 60_000);

/** Waits until the test lets the client reconnect; other timers run as usual. */
function heldClock() {
  let reconnect: (() => void) | undefined;
  const clock: Clock = {
    now: () => Date.now(),
    random: () => 0,
    after(ms, callback) {
      if (ms === 0) {
        reconnect = callback;
        return () => {};
      }
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  const held = () =>
    until(async () => {
      if (!reconnect) throw new Error("The client has not lost its connection yet.");
      return reconnect;
    });
  return { clock, held };
}

test("changes during a lost connection arrive once after it, in order, before it is live again", async () => {
  const { clock, held } = heldClock();
  const client = follow(stage, await tokenOf(), { clock });
  await client.live();
  await changePrediction("prd_before");
  await client.received("prd_before");
  const [connection] = await listConnections();
  await gateway().send(new DeleteConnectionCommand({ ConnectionId: connection!.id }));
  const reconnect = await held();
  for (const id of ["prd_lost1", "prd_lost2"]) await changePrediction(id);
  await commit([labels("imp_lost")], Date.now(), () => []);
  reconnect();
  await client.live(2);
  expect(client.ids()).toEqual(["prd_before", "prd_lost1", "prd_lost2"]);
  expect(client.events.map(({ subject }) => subject)).toEqual(["imp_lost"]);
  await changePrediction("prd_after2");
  await client.received("prd_after2");
  expect(client.ids()).toEqual(["prd_before", "prd_lost1", "prd_lost2", "prd_after2"]);
  expect(client.states).toEqual(["connecting", "live", "live"]);
  await client.stop();
}, 60_000);

test("`sluice predictions watch` prints each change, and ends when its token is revoked", async () => {
  const token = await tokenOf();
  const named = { SLUICE_API: stage.apiUrl, SLUICE_TOKEN: token };
  const child = launch(["predictions", "watch", "cats", "--json", "--since", new Date().toISOString()], {
    ...named,
    SLUICE_LIVE: stage.liveUrl,
  });
  await changePrediction("prd_other");
  await changePrediction("prd_watched", "cats");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ id: "prd_watched" });
  await Token.revokeToken(Token.hashToken(token));
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining("TOKEN_INVALID") });
  const without = await sluice(["predictions", "watch"], "", named);
  expect(without).toMatchObject({ code: 2, stderr: expect.stringMatching(/LIVE_MISSING[^]*SLUICE_LIVE/) });
}, 60_000);

test("the gateway's limits of ten minutes and two hours are not seen", async () => {
  const client = follow(stage, await tokenOf());
  await client.live();
  for (const [minutes, id] of [
    [11, "prd_idle"],
    [121, "prd_old"],
  ] as const) {
    await stage.shift(minutes * 60_000);
    await client.live(minutes === 11 ? 2 : 3);
    await changePrediction(id);
    await client.received(id);
  }
  expect(client.ids()).toEqual(["prd_idle", "prd_old"]);
  expect(client.states).toEqual(["connecting", "live", "live", "live"]);
  await client.stop();
}, 60_000);

test("a client that asks for an earlier start receives the changes since then", async () => {
  const since = "2026-11-01T00:00:00.000Z";
  await writePrediction("prd_earlier", "cats", "2026-11-01T00:00:01.000Z");
  await writePrediction("prd_too_early", "cats", "2026-10-31T23:59:59.000Z");
  const client = follow(stage, await tokenOf(), { since, model: "cats" });
  await client.live();
  expect(client.ids()).toContain("prd_earlier");
  expect(client.ids()).not.toContain("prd_too_early");
  await client.stop();
}, 60_000);
