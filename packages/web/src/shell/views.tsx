// All views by the first part of their address, and the sections of the navigation.
import type { ComponentChildren } from "preact";
import { pathTo } from "../route/path.ts";
import { DatasetView } from "../view/dataset/dataset.tsx";
import { DatasetsView } from "../view/dataset/datasets.tsx";
import { EventsView } from "../view/event/events.tsx";
import { LabelView } from "../view/label/label.tsx";
import { LabelsView } from "../view/label/labels.tsx";
import { ModelView } from "../view/model/model.tsx";
import { ModelsView } from "../view/model/models.tsx";
import { MonitoringView } from "../view/monitoring/monitoring.tsx";
import { PredictionView } from "../view/prediction/prediction.tsx";
import { PredictionsView } from "../view/prediction/predictions.tsx";
import { ReviewView } from "../view/review/review.tsx";
import { RunView } from "../view/training/run.tsx";
import { TraceView } from "../view/trace/trace.tsx";
import { RunsView } from "../view/training/runs.tsx";
import { VersionView } from "../view/version/version.tsx";

type View = (rest: string[]) => ComponentChildren;

export const views: Record<string, View> = {
  "": () => <PredictionsView />,
  prediction: ([id = ""]) => <PredictionView key={id} id={id} />,
  review: () => <ReviewView />,
  models: () => <ModelsView />,
  model: ([name = ""]) => <ModelView key={name} name={name} />,
  version: ([model = "", version = ""]) => <VersionView key={version} model={model} version={version} />,
  monitoring: ([name]) => <MonitoringView name={name} />,
  training: () => <RunsView />,
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
  /** The names of its views. */
  views: string[];
}

export const sections: Section[] = [
  { title: "Predictions", path: pathTo(), views: ["", "prediction"] },
  { title: "Review", path: pathTo("review"), views: ["review"] },
  { title: "Models", path: pathTo("models"), views: ["models", "model", "version"] },
  { title: "Monitoring", path: pathTo("monitoring"), views: ["monitoring"] },
  { title: "Training", path: pathTo("training"), views: ["training", "run"] },
  { title: "Datasets", path: pathTo("datasets"), views: ["datasets", "dataset", "labels", "label"] },
  { title: "Events", path: pathTo("events"), views: ["events", "trace"] },
];
