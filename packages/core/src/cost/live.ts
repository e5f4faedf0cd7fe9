// The cost of live updates for a page that is always open.
import type { Estimate } from "./cost.ts";
import { each, HOURS_A_MONTH, sumItems } from "./estimate.ts";
import type { Prices } from "./prices.ts";

const FUNCTION_GB = 0.5;
/** Upper bounds: a batch of ten events is one send. */
const SEND_SECONDS = 0.1;
const PING_SECONDS = 0.02;
const PING_MINUTES = 4;

/**
 * Of a month with so many predictions. Without the receives of the idle queue, which do not depend on pages or
 * predictions. Further pages cost only their minutes, messages and pings.
 */
export function estimateLivePage(predictions: number, prices: Prices): Estimate {
  const { websocket, sqs, lambda, dynamodb } = prices;
  const minutes = HOURS_A_MONTH * 60;
  const pings = minutes / PING_MINUTES;
  return sumItems(
    [
      each("minutes of its connection", minutes, 1, websocket.minute),
      each("messages with changes", predictions, 1, websocket.message),
      each("pings and responses", pings, 2, websocket.message),
      each("SQS: sent, received, deleted", predictions, 3, sqs.request),
      each("Lambda requests", predictions + pings, 1, lambda.request),
      each(
        "Lambda compute in GB-seconds",
        FUNCTION_GB,
        predictions * SEND_SECONDS + pings * PING_SECONDS,
        lambda.gbSecond,
      ),
      // The connections, their tokens and the prediction; of a ping its connection.
      each("DynamoDB reads", 3 * predictions + pings, 1, dynamodb.read),
    ],
    prices,
  );
}
