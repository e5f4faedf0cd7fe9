// Every view, by the first part of its address, and the sections one can go to. To add a view: a folder in ../view and
// its line here.
import type { ComponentChildren } from "preact";
import { to } from "../route/route.ts";
import { ModelView } from "../view/model/model.tsx";
import { ModelsView } from "../view/models/models.tsx";
import { PredictionView } from "../view/prediction/prediction.tsx";
import { PredictionsView } from "../view/predictions/predictions.tsx";

type View = (rest: string[]) => ComponentChildren;

export const views: Record<string, View> = {
  "": () => <PredictionsView />,
  prediction: ([id = ""]) => <PredictionView key={id} id={id} />,
  models: () => <ModelsView />,
  model: ([name = ""]) => <ModelView key={name} name={name} />,
};

export interface Section {
  title: string;
  path: string;
  /** The views that belong to it. */
  heads: string[];
}

export const sections: Section[] = [
  { title: "Predictions", path: to(), heads: ["", "prediction"] },
  { title: "Models", path: to("models"), heads: ["models", "model"] },
];
