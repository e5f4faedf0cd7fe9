import { Entity } from "electrodb";
import { service, table } from "../table.ts";

/** Marks that a model has predictions on a day, so that a list jumps over the days that have none. */
export const DayEntity = new Entity({
  model: { entity: "day", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    day: { type: "string", required: true },
  },
  indexes: {
    byModel: {
      pk: { field: table.pk, composite: ["model"], casing: "none" },
      sk: { field: table.sk, composite: ["day"], casing: "none" },
    },
  },
});
