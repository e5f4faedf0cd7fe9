// Lambda authorizers of `$connect`: a function decides by headers and query parameters, with an IAM policy.
import type { IncomingMessage } from "node:http";
import { decide, parsePolicy } from "../../../iam/document.ts";
import { arnOf } from "../../../kernel/names.ts";
import type { Kernel } from "../../../kernel/service.ts";
import { invokeFunction, type Target } from "../invoke.ts";
import { connectEvent, type Peer } from "./event.ts";
import { Refused } from "./handshake.ts";

export interface Authorizer {
  name: string;
  target: Target;
  /** A handshake without one of these is refused before the function runs. */
  identitySources: IdentitySource[];
}

export interface IdentitySource {
  from: "header" | "querystring";
  name: string;
}

/** Returns what the events of the connection have as `requestContext.authorizer`. */
export async function authorize(
  kernel: Kernel,
  { name, target, identitySources }: Authorizer,
  peer: Peer,
  request: IncomingMessage,
): Promise<Record<string, string>> {
  if (identitySources.some((source) => !hasIdentity(request, source))) throw new Refused(401, "Unauthorized");
  const methodArn = arnOf(kernel.cloud, "execute-api", `${peer.apiId}/${peer.stage}/$connect`);
  const event = { type: "REQUEST", methodArn, ...connectEvent(peer, request) };
  const outcome = await invokeFunction(kernel, target, event, name);
  if ("failure" in outcome) {
    // Functions reject with exactly this message to ask for credentials.
    if (outcome.failure === "function" && messageOf(outcome.message) === "Unauthorized")
      throw new Refused(401, "Unauthorized");
    throw new Refused(500, "Internal server error");
  }
  return readDecision(outcome.payload, methodArn, name);
}

function hasIdentity({ headers, url = "" }: IncomingMessage, { from, name }: IdentitySource) {
  if (from === "header") return Boolean(headers[name.toLowerCase()]);
  return Boolean(new URLSearchParams(url.split("?", 2)[1]).get(name));
}

function readDecision(payload: string, methodArn: string, name: string): Record<string, string> {
  let decision: "Allow" | "Deny" | undefined;
  let context: [string, unknown][];
  try {
    const value = JSON.parse(payload);
    if (typeof value.principalId !== "string") throw new TypeError("It has no principalId.");
    if (!value.policyDocument?.Statement) throw new TypeError("It has no policy.");
    const statements = parsePolicy(value.policyDocument, name);
    decision = decide(statements, { action: "execute-api:Invoke", resource: methodArn, context: {} });
    context = Object.entries({ ...value.context, principalId: value.principalId });
    if (context.some(([, item]) => typeof item === "object")) throw new TypeError("Its context is not flat.");
  } catch {
    throw new Refused(500, "Internal server error");
  }
  if (decision !== "Allow") throw new Refused(403, "Forbidden");
  return Object.fromEntries(context.map(([key, item]) => [key, String(item)]));
}

function messageOf(payload: string): unknown {
  return (JSON.parse(payload) as { errorMessage?: unknown } | null)?.errorMessage;
}
