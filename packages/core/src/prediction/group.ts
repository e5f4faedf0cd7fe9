// The messages of a batch, grouped by the prediction that they are for.
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import type { DeclaredModel } from "../model/model.ts";
import { isFolderMarker, parseArrival } from "../upload/arrival.ts";
import { newPrediction, type NewPrediction } from "./new-prediction.ts";

export interface Delivery {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** Receive count, including this time. */
  receives: number;
}

export interface Group {
  prediction: NewPrediction;
  deliveries: Delivery[];
  /** Of the message received least often. */
  receives: number;
}

/** `invalid` messages are not upload events. */
export function groupDeliveries(
  model: DeclaredModel,
  deliveries: Delivery[],
): { groups: Map<string, Group>; invalid: Delivery[] } {
  const groups = new Map<string, Group>();
  const invalid: Delivery[] = [];
  for (const delivery of deliveries) {
    try {
      const arrival = parseArrival(delivery.body);
      if (isFolderMarker(arrival)) continue;
      const prediction = newPrediction(model, arrival);
      const same = groups.get(prediction.id)?.deliveries ?? [];
      const all = [...same, delivery];
      const receives = Math.min(...all.map((one) => one.receives));
      groups.set(prediction.id, { prediction, deliveries: all, receives });
    } catch (thrown) {
      const { code, message } = toSluiceError(thrown);
      log().error("A message is not an upload event", {
        code,
        reason: message,
        messageId: delivery.messageId,
      });
      invalid.push(delivery);
    }
  }
  return { groups, invalid };
}
