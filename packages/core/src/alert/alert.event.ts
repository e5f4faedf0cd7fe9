import { Alert } from "./alert.ts";

export const alertEvents = {
  "alert.raised": { subject: "model", detail: Alert },
} as const;
