import { AwsError } from "../../kernel/error.ts";
import { validation } from "./error.ts";
import { MAX_PATTERN_LENGTH } from "./limits.ts";
import { compileMatcher, PatternError } from "./pattern/match.ts";
import { parseSchedule } from "./schedule/expression.ts";

/** Compiles a pattern. Throws AWS's error when it is not valid. */
export function checkPattern(pattern: string) {
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw validation(`EventPattern must be at most ${MAX_PATTERN_LENGTH} characters long.`);
  try {
    return compileMatcher(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError(
      "InvalidEventPatternException",
      `Event pattern is not valid. Reason: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

export function checkSchedule(expression: string) {
  // Only EventBridge Scheduler supports `at`.
  if (expression.startsWith("at") || !parseSchedule(expression))
    throw validation(`Parameter ScheduleExpression is not valid: ${expression}`);
}
