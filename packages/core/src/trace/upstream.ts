// Where a version came from: its training run and its dataset.
import { fromId as datasetFrom } from "../dataset/read.ts";
import { fromName as runFrom } from "../training/read.ts";
import { fromVersion } from "../version/read.ts";
import * as link from "./links.ts";
import { ifFound, type Step } from "./step.ts";

export const upToVersion = (model: string, id: string): Promise<Step[]> =>
  ifFound("version", fromVersion(model, id), (version) => {
    const { run, dataset } = version;
    // An uploaded version has no run; its dataset evaluated it.
    const next = run ? () => upToRun(run) : dataset ? () => upToDataset(dataset) : undefined;
    return [{ link: link.versionLink(version), next }];
  });

export const upToRun = (name: string): Promise<Step[]> =>
  ifFound("run", runFrom(name), (run) => {
    const { dataset } = run;
    return [{ link: link.runLink(run), next: dataset ? () => upToDataset(dataset) : undefined }];
  });

const upToDataset = (id: string): Promise<Step[]> =>
  ifFound("dataset", datasetFrom(id), (dataset) => [{ link: link.datasetLink(dataset) }]);
