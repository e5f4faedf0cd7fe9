// One open connection: what it sends, and why it ends.
import { isUtf8 } from "node:buffer";
import type { WebSocket } from "ws";
import { AwsError } from "../../../kernel/error.ts";
import type { Peer } from "./event.ts";
import { DURATION_MS, IDLE_MS, SLOW_READER_MS, UNREAD_BYTES } from "./limits.ts";

export interface Closed {
  code: number;
  reason: string;
}

export const GOING_AWAY: Closed = { code: 1001, reason: "Going away" };

/** Error codes of `ws`, which closes such connections itself. */
const PROTOCOL_ERRORS: Record<string, number> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
};

export class Connection {
  readonly peer: Peer;
  readonly ended: Promise<Closed>;
  /** Of the last message in either direction. Control frames do not count. */
  lastActiveAt: number;
  readonly #socket: WebSocket;
  #closing: Closed | undefined;
  #fullSince: number | undefined;

  constructor(peer: Peer, socket: WebSocket) {
    this.peer = peer;
    this.lastActiveAt = peer.connectedAt;
    this.#socket = socket;
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      if (code.startsWith("WS_ERR")) this.#closing ??= { code: PROTOCOL_ERRORS[code] ?? 1002, reason: "" };
    });
    this.ended = new Promise((resolve) =>
      socket.once("close", (code, reason) =>
        resolve(this.#closing ?? closedByClient(code, reason.toString())),
      ),
    );
  }

  get isOpen() {
    return this.#closing === undefined && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Throws a LimitExceededException while the client does not read what it was sent. */
  send(data: Uint8Array | string, now: number) {
    if (this.#socket.bufferedAmount > UNREAD_BYTES) {
      this.#fullSince ??= now;
      throw new AwsError("LimitExceededException", "The client's buffer is full.", { status: 429 });
    }
    this.#fullSince = undefined;
    this.lastActiveAt = now;
    // Text frames must be UTF-8: clients close the connection otherwise.
    const text = typeof data === "string" || isUtf8(data) ? data : Buffer.from(data).toString();
    this.#socket.send(text, { binary: false });
  }

  /** Ends the connection if it exceeds a limit. */
  checkLimits(now: number) {
    if (now - this.lastActiveAt >= IDLE_MS || now - this.peer.connectedAt >= DURATION_MS)
      this.close(GOING_AWAY);
    if (this.#socket.bufferedAmount <= UNREAD_BYTES) this.#fullSince = undefined;
    // Without a close frame: the client would not read it.
    else if (now - (this.#fullSince ?? now) >= SLOW_READER_MS) this.#socket.terminate();
  }

  close(closed: Closed) {
    if (!this.isOpen) return;
    this.#closing = closed;
    this.#socket.close(closed.code, closed.reason);
  }
}

const closedByClient = (code: number, reason: string): Closed => ({
  code,
  reason: code === 1005 ? "Client-side close frame status not set" : reason,
});
