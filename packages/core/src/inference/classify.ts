// Maps a failed invocation to an error code, and decides whether a retry may help.
import * as z from "zod";
import { codes, type ErrorCode } from "../error/codes.ts";
import { SluiceError } from "../error/error.ts";

const Thrown = z.looseObject({
  name: z.string().catch(""),
  message: z.string().catch(""),
  code: z.string().optional().catch(undefined),
  OriginalStatusCode: z.number().optional().catch(undefined),
  OriginalMessage: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
});
type Thrown = z.output<typeof Thrown>;

const throttled =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;
const forbidden = /^(AccessDenied|AccessDeniedException)$/;
const credentials =
  /^(CredentialsProviderError|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|ExpiredToken(Exception)?|IncompleteSignature|MissingAuthenticationToken.*)$/;
const network = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)$/;

export function classifyError(error: unknown, endpoint: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const thrown = Thrown.parse(
    typeof error === "object" && error !== null ? readable(error) : { message: String(error) },
  );
  const { code, message, retryable, hint } = classified(thrown, endpoint);
  return new SluiceError(code, message, { cause: error, retryable, hint, details: { endpoint } });
}

interface Classified {
  code: ErrorCode;
  message: string;
  retryable?: boolean;
  hint?: string;
}

function classified(thrown: Thrown, endpoint: string): Classified {
  const status = thrown.$metadata?.httpStatusCode;
  const reported = thrown.message ? ` SageMaker reported: ${thrown.message}` : "";
  if (thrown.name === "ModelError") return modelError(thrown, endpoint);
  if (thrown.name === "ModelNotReadyException") {
    return {
      code: "ENDPOINT_UNAVAILABLE",
      message: `Endpoint ${endpoint} is still loading its model.${reported}`,
    };
  }
  if (credentials.test(thrown.name)) {
    return {
      code: "AWS_CREDENTIALS_INVALID",
      message: `AWS rejects the credentials of the request to endpoint ${endpoint}.${reported}`,
    };
  }
  if (forbidden.test(thrown.name) || status === 403) {
    return {
      code: "ENDPOINT_FORBIDDEN",
      message: `This function has no permission for endpoint ${endpoint}.${reported}`,
    };
  }
  if (thrown.name === "ValidationError" || thrown.name === "ValidationException")
    return invalid(thrown, endpoint, reported);
  if (throttled.test(thrown.name)) {
    return { code: "ENDPOINT_THROTTLED", message: `Endpoint ${endpoint} throttled the request.${reported}` };
  }
  if (/^ServiceUnavailable(Exception)?$/.test(thrown.name) || status === 503) {
    return {
      code: "ENDPOINT_UNAVAILABLE",
      message: `Endpoint ${endpoint} is not available at the moment.${reported}`,
    };
  }
  // The SDK names a broken connection TimeoutError too; only its code differs.
  if (network.test(thrown.code ?? "")) {
    return { code: "NETWORK_FAILED", message: `Endpoint ${endpoint} could not be reached: ${thrown.code}.` };
  }
  if (["TimeoutError", "RequestTimeout", "AbortError"].includes(thrown.name) || thrown.code === "ETIMEDOUT") {
    return { code: "ENDPOINT_TIMEOUT", message: `Endpoint ${endpoint} did not respond in time.${reported}` };
  }
  if (
    /^Internal(Failure|ServerError|DependencyException|ServerException)/.test(thrown.name) ||
    (status ?? 0) >= 500
  ) {
    return {
      code: "ENDPOINT_INTERNAL_FAILURE",
      message: `SageMaker failed while serving ${endpoint}.${reported}`,
    };
  }
  if (status === 429)
    return { code: "ENDPOINT_THROTTLED", message: `Endpoint ${endpoint} throttled the request.${reported}` };
  return {
    code: "UNEXPECTED",
    message: `Invoking ${endpoint} failed: ${thrown.name} ${thrown.message}`.trim(),
  };
}

// SageMaker returns ValidationError both for an unknown endpoint and for one that is not in service yet.
function invalid(thrown: Thrown, endpoint: string, reported: string): Classified {
  if (/not found|could not find|does not exist/i.test(thrown.message)) {
    return { code: "ENDPOINT_NOT_FOUND", message: `There is no endpoint ${endpoint}.${reported}` };
  }
  if (/in ?service|not ready|creating|updating/i.test(thrown.message)) {
    return { code: "ENDPOINT_NOT_IN_SERVICE", message: `Endpoint ${endpoint} is not in service.${reported}` };
  }
  return {
    code: "ENDPOINT_REQUEST_REJECTED",
    message: `SageMaker rejected the request to ${endpoint}.${reported}`,
  };
}

const Refusal = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
const codeOf: Record<string, ErrorCode> = {
  UNSUPPORTED_TYPE: "TYPE_NOT_ACCEPTED",
  IMAGE_EMPTY: "OBJECT_EMPTY",
};

const timedOut = /timed out|timeout/i;

/** SageMaker's error (0): the container sent no response. Its process ended, or closed the connection. */
export const isConnectionLost = (message: string) =>
  /server error \(0\)/i.test(message) && !timedOut.test(message);

export const connectionLost = (endpoint: string, reported: string) => ({
  code: "ENDPOINT_UNAVAILABLE" as const,
  message: `The model behind ${endpoint} closed the connection without a response. SageMaker reported: ${reported}`,
  hint: "Read the endpoint's log. If its process ran out of memory, provision it with more memory.",
});

/** An error response is not retried: the same bytes would fail again, and each attempt costs money. */
function modelError(thrown: Thrown, endpoint: string): Classified {
  const status = thrown.OriginalStatusCode;
  const reported = thrown.OriginalMessage ?? thrown.message;
  const refusal = status !== undefined && status >= 400 && status < 500 ? parseRefusal(reported) : undefined;
  if (refusal) {
    const code = codeOf[refusal.code] ?? refusal.code;
    if (code in codes && codes[code as ErrorCode].kind === "user") {
      return { code: code as ErrorCode, message: refusal.message, hint: refusal.hint, retryable: false };
    }
  }
  const message = parseRefusal(reported)?.message ?? reported;
  if (timedOut.test(`${thrown.message} ${reported}`)) {
    return {
      code: "ENDPOINT_TIMEOUT",
      message: `The model behind ${endpoint} did not respond in time: ${reported}`,
      retryable: false,
    };
  }
  if (status === 0) return connectionLost(endpoint, reported);
  return {
    code: "MODEL_FAILED",
    message: `The model behind ${endpoint} returned ${status ?? 500}: ${message}`,
  };
}

function parseRefusal(text: string) {
  try {
    return Refusal.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

// An Error's name and message are not enumerable.
function readable(error: object) {
  const source = error as Record<string, unknown>;
  return { ...source, name: source.name, message: source.message };
}
