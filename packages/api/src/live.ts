// The messages of the WebSocket API. The response is sent to the client.
import { invalidInput, SluiceError, toSluiceError } from "@sluice/core/error/error.ts";
import { toErrorMessage } from "@sluice/core/live/error-message.ts";
import { ClientMessage, type ServerMessage } from "@sluice/core/live/live.ts";
import { confirmSubscription, subscribe } from "@sluice/core/live/subscribe.ts";
import { log } from "@sluice/core/log.ts";
import { hashToken, readBearer } from "@sluice/core/token/manage.ts";
import { requireScope } from "@sluice/core/token/token.ts";

interface SocketEvent {
  body?: string;
  requestContext: { connectionId: string; connectedAt: number; requestId: string };
}

/** Of a message, in characters. A token has 47. */
const MAX_LENGTH = 2_000;

export async function handler({ body = "", requestContext }: SocketEvent) {
  const message = await respond(body, requestContext).catch((thrown: unknown) => {
    const error = toSluiceError(thrown);
    // Without the message, which contains the token.
    if (error.kind === "system")
      log().error(error.message, { code: error.code, requestId: requestContext.requestId });
    return toErrorMessage(error);
  });
  return { statusCode: 200, body: JSON.stringify(message) };
}

async function respond(
  body: string,
  { connectionId, connectedAt }: SocketEvent["requestContext"],
): Promise<ServerMessage> {
  const message = parseMessage(body);
  const now = Date.now();
  if (message.action === "ping") return confirmSubscription(connectionId, now);
  const { token, model, after } = message;
  requireScope(await readBearer(token, now), "read");
  return subscribe({ connection: connectionId, token: hashToken(token), model, connectedAt, after }, now);
}

function parseMessage(body: string) {
  if (body.length > MAX_LENGTH)
    throw new SluiceError("INPUT_INVALID", `A message has at most ${MAX_LENGTH} characters.`);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new SluiceError("INPUT_INVALID", "The message is not JSON.");
  }
  const parsed = ClientMessage.safeParse(json);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
