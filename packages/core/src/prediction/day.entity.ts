import { Entity } from "electrodb";
import { primary, service } from "../table.ts";

/** Marks a day on which a model has predictions, so that a list skips the other days. */
export const DayEntity = new Entity({
  model: { entity: "day", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    day: { type: "string", required: true },
  },
  indexes: {
    byModel: primary(["model"], ["day"]),
  },
});
