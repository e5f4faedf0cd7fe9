// Where a version came from: its training run and its dataset.
import { getDataset } from "../dataset/read.ts";
import { getRun } from "../training/read.ts";
import { getVersion } from "../version/read.ts";
import * as link from "./links.ts";
import { ifFound, type Step } from "./step.ts";

export const upToVersion = (model: string, id: string): Promise<Step[]> =>
  ifFound("version", getVersion(model, id), (version) => {
    const { run, dataset } = version;
    // An uploaded version has no run; its dataset evaluated it.
    const next = run ? () => upToRun(run) : dataset ? () => upToDataset(dataset) : undefined;
    return [{ link: link.versionLink(version), next }];
  });

export const upToRun = (name: string): Promise<Step[]> =>
  ifFound("run", getRun(name), (run) => {
    const { dataset } = run;
    return [{ link: link.runLink(run), next: dataset ? () => upToDataset(dataset) : undefined }];
  });

const upToDataset = (id: string): Promise<Step[]> =>
  ifFound("dataset", getDataset(id), (dataset) => [{ link: link.datasetLink(dataset) }]);
