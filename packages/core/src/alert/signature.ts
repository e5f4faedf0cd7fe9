// Signatures of webhooks, as the specification "Standard Webhooks" defines them: https://www.standardwebhooks.com
import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

export const createSecret = () => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

interface Signed {
  /** The same for every attempt: a receiver ignores an id that it has processed. */
  id: string;
  /** Of the attempt. */
  now: number;
  body: string;
}

/** HMAC-SHA256 over id, timestamp and body. */
export function signatureHeaders(secret: string, { id, now, body }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
