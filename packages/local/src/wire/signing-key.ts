import { createHmac } from "node:crypto";

/** The key of Signature Version 4 for a scope: date, region, service and "aws4_request". */
export function signingKey(secret: string, scope: string[]): Buffer {
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  return key;
}
