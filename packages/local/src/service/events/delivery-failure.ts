// Why a delivery failed: the codes that EventBridge adds to dead letters.
import { AwsError } from "../../kernel/error.ts";

export interface DeliveryFailure {
  code: string;
  message: string;
}

export function toDeliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError)) return { code: "INTERNAL_ERROR", message: String(error) };
  return { code: codeOf(error), message: error.message || error.code };
}

/** Whether a retry cannot succeed: no permission, no target, or an invalid message. */
export const isFinal = ({ code }: DeliveryFailure) =>
  ["NO_PERMISSIONS", "NO_RESOURCE", "INVALID_PARAMETER"].includes(code);

function codeOf({ code, status }: AwsError): string {
  if (/Throttl|TooManyRequests|Limit|SlowDown/.test(code) || status === 429) return "THROTTLING";
  if (/Timeout|TimedOut/.test(code)) return "TIMEOUT";
  if (/AccessDenied|NotAuthorized/.test(code) || status === 403) return "NO_PERMISSIONS";
  if (/NotFound|DoesNotExist|NonExistent/.test(code) || status === 404) return "NO_RESOURCE";
  if (status >= 500) return "INTERNAL_ERROR";
  return /^Invalid|Validation|Missing/.test(code) ? "INVALID_PARAMETER" : "SDK_CLIENT_ERROR";
}
