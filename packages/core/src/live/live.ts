// The messages of live updates, between a client and the WebSocket API.
import * as z from "zod";
import { Prediction } from "../prediction/prediction.ts";

const Subscribe = z.strictObject({
  action: z.literal("subscribe"),
  /** In a message, because proxies and access logs store URLs. */
  token: z.string().min(1).max(500),
  /** Only changes of this model. */
  model: z.string().max(100).optional(),
  /** Changes since then are in the response: an instant of the server, or milliseconds before now. */
  after: z.union([z.iso.datetime(), z.number().min(0).max(86_400_000)]),
});

/** The gateway closes a connection without messages for ten minutes. */
const Ping = z.strictObject({ action: z.literal("ping") });

export const ClientMessage = z.discriminatedUnion("action", [Subscribe, Ping]);
export type Subscribe = z.output<typeof Subscribe>;

/** A stored event without its details, which may exceed a message. `GET /events` returns the rest. */
export const LiveEvent = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  model: z.string(),
});
export type LiveEvent = z.output<typeof LiveEvent>;

/** The server's time. A client that reconnects continues from the last one it received. */
const at = z.string();

export const ServerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribed"),
    at,
    /** The start of the changes. */
    from: z.string(),
    /** Oldest first. */
    predictions: z.array(Prediction),
    events: z.array(LiveEvent),
    /** True if the changes exceed one message. Both lists are then empty; read GET /changes and GET /events. */
    more: z.boolean(),
  }),
  z.object({ type: z.literal("pong"), at }),
  z.object({
    type: z.literal("changes"),
    at,
    predictions: z.array(Prediction),
    events: z.array(LiveEvent),
  }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string(), hint: z.string() }),
]);
export type ServerMessage = z.output<typeof ServerMessage>;
export type Subscribed = Extract<ServerMessage, { type: "subscribed" }>;
export type Changes = Extract<ServerMessage, { type: "changes" }>;
