import { RetrainDecision } from "./retrain.ts";

export const retrainEvents = {
  /** The stored event is the record of the decision. */
  "retrain.decided": { subject: "model", detail: RetrainDecision },
} as const;
