// Every view, by the first part of its address, and the sections one can go to. To add a view: a folder in ../view and
// its line here.
import type { ComponentChildren } from "preact";
import { to } from "../route/route.ts";
import { DatasetView } from "../view/dataset/dataset.tsx";
import { DatasetsView } from "../view/datasets/datasets.tsx";
import { EventsView } from "../view/events/events.tsx";
import { LabelView } from "../view/label/label.tsx";
import { LabelsView } from "../view/labels/labels.tsx";
import { ModelView } from "../view/model/model.tsx";
import { ModelsView } from "../view/models/models.tsx";
import { PredictionView } from "../view/prediction/prediction.tsx";
import { PredictionsView } from "../view/predictions/predictions.tsx";
import { ReviewView } from "../view/review/review.tsx";
import { RunView } from "../view/run/run.tsx";
import { TraceView } from "../view/trace/trace.tsx";
import { TrainingView } from "../view/training/training.tsx";
import { VersionView } from "../view/version/version.tsx";

type View = (rest: string[]) => ComponentChildren;

export const views: Record<string, View> = {
  "": () => <PredictionsView />,
  prediction: ([id = ""]) => <PredictionView key={id} id={id} />,
  review: () => <ReviewView />,
  models: () => <ModelsView />,
  model: ([name = ""]) => <ModelView key={name} name={name} />,
  version: ([model = "", version = ""]) => <VersionView key={version} model={model} version={version} />,
  training: () => <TrainingView />,
  run: ([name = ""]) => <RunView key={name} name={name} />,
  datasets: () => <DatasetsView />,
  dataset: ([id = ""]) => <DatasetView key={id} id={id} />,
  labels: () => <LabelsView />,
  label: ([model = "", id = ""]) => <LabelView key={id} model={model} id={id} />,
  events: () => <EventsView />,
  trace: ([id = ""]) => <TraceView id={id} />,
};

export interface Section {
  title: string;
  path: string;
  /** The views that belong to it. */
  heads: string[];
}

export const sections: Section[] = [
  { title: "Predictions", path: to(), heads: ["", "prediction"] },
  { title: "Review", path: to("review"), heads: ["review"] },
  { title: "Models", path: to("models"), heads: ["models", "model", "version"] },
  { title: "Training", path: to("training"), heads: ["training", "run"] },
  { title: "Datasets", path: to("datasets"), heads: ["datasets", "dataset", "labels", "label"] },
  { title: "Events", path: to("events"), heads: ["events", "trace"] },
];
