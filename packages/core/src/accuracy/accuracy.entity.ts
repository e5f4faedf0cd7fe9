import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { primary, service } from "../table.ts";
import { truthGroups, truthSources, type WeekCounts } from "./accuracy.ts";

/** The true result of a prediction. */
export const TruthEntity = new Entity({
  model: { entity: "truth", version: "1", service },
  attributes: {
    /** The id of the prediction. */
    prediction: { type: "string", required: true },
    model: { type: "string", required: true },
    modelVersion: { type: "string" },
    /** Of the prediction: its Monday. */
    week: { type: "string", required: true },
    /** The true class. Absent for boxes. */
    label: { type: "string" },
    correct: { type: "boolean", required: true },
    source: { type: truthSources, required: true },
    group: { type: truthGroups, required: true },
    /** When the truth was found. The latest counts. */
    labelledAt: { type: "string", required: true },
  },
  indexes: {
    byPrediction: primary(["prediction"], []),
  },
});
export type TruthItem = EntityItem<typeof TruthEntity>;

/** The sums of a model's week, so that a chart reads one item a week. `version` is the lock of the week's truths. */
export const AccuracyWeekEntity = new Entity({
  model: { entity: "accuracyWeek", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    week: { type: "string", required: true },
    version: { type: "number", required: true },
    counts: { type: CustomAttributeType<WeekCounts>("any"), required: true },
    /** `accuracy.low` was published. */
    low: { type: "boolean" },
  },
  indexes: {
    byModel: primary(["model"], ["week"]),
  },
});
export type AccuracyWeekItem = EntityItem<typeof AccuracyWeekEntity>;
