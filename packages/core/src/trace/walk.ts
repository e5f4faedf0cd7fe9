// The chain both ways from any of its links.
import { fromId as datasetFrom, list as datasets } from "../dataset/read.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { fromId as deploymentFrom, list as deployments } from "../deployment/read.ts";
import { fromName as endpointFrom } from "../endpoint/read.ts";
import { SluiceError, toSluiceError } from "../error/error.ts";
import { list as eventsOf, type Happening } from "../event/list.ts";
import { fromSource } from "../label/imports.ts";
import { get as labelFrom } from "../label/read.ts";
import { atMost } from "../util/at-most.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fromId as predictionFrom } from "../prediction/record.ts";
import { reviewSource } from "../review/verdict.ts";
import { fromName as runFrom, list as runs } from "../training/read.ts";
import type { TrainingRun } from "../training/training.ts";
import { exactly, fromVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";
import { startOf, type Start } from "./find.ts";
import * as link from "./links.ts";
import { memberOf } from "./member.ts";
import { kinds, type Found, type Trace } from "./trace.ts";

/** Newest datasets searched for a picture. */
const DATASETS = 10;
/** Of a kind, under one parent. */
const CHILDREN = 100;
const LINKS = 60;
const EVENTS = 50;
const AT_ONCE = 8;

export async function trace(asked: string, now: number): Promise<Trace> {
  if (asked.trim() === "") throw new SluiceError("INPUT_INVALID", "id: is empty.");
  const walk = walker();
  await walk.from(await startOf(asked));
  const found = [...walk.found.values()]
    .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.at < b.at ? -1 : 1))
    .slice(0, LINKS);
  if (walk.found.size > LINKS) walk.gaps.push(`${walk.found.size - LINKS} more links are not shown.`);
  const links = await atMost(AT_ONCE, found, async ({ subject, ...one }) => ({
    ...one,
    events: await happened(subject ?? one.id, one, now),
  }));
  return { asked, links, gaps: walk.gaps };
}

/** Labels and predictions are their own history. Of an endpoint's events, a deployment's are those that name it. */
async function happened(subject: string, { kind, id, model }: Found, now: number): Promise<Happening[]> {
  if (kind === "label" || kind === "prediction" || subject === "") return [];
  const { items } = await eventsOf({ subject, model, limit: EVENTS }, now);
  const own = items.filter(({ type, detail }) => {
    const deployed = type === "deployment.changed";
    return kind === "deployment" ? deployed && detail["id"] === id : !deployed;
  });
  return own.toReversed();
}

function walker() {
  const found = new Map<string, Found>();
  const gaps: string[] = [];
  const add = (one: Found) => {
    const key = `${one.kind} ${one.id}`;
    const fresh = !found.has(key);
    if (fresh) found.set(key, one);
    return fresh;
  };
  /** What was deleted since, or never was, breaks the chain at one place only. */
  const known = async <T>(what: string, read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      const { category, message } = toSluiceError(error);
      if (category !== "missing") throw error;
      gaps.push(`${what}: ${message}`);
      return undefined;
    }
  };

  const up = {
    async version(model: string, id: string) {
      const version = await known("version", fromVersion(model, id));
      if (!version || !add(link.versionLink(version))) return;
      if (version.run) await up.run(version.run);
      // One that was brought did not learn from it, but was judged by it.
      else if (version.dataset) await up.dataset(version.dataset);
    },
    async run(name: string) {
      const run = await known("run", runFrom(name));
      if (!run || !add(link.runLink(run))) return;
      if (run.dataset) await up.dataset(run.dataset);
    },
    async dataset(id: string) {
      const dataset = await known("dataset", datasetFrom(id));
      if (dataset) add(link.datasetLink(dataset));
    },
  };

  /** A prediction, and what a person made of it. */
  const looked = (prediction: Prediction, from?: string) => {
    add(link.predictionLink(prediction, from));
    if (prediction.review) add(link.reviewLink(prediction, prediction.review));
  };

  const down = {
    async label(model: string, key: string) {
      const label = await known("label", labelFrom(model, key));
      if (!label) return;
      const reviewed = label.source === reviewSource ? label.extra?.["prediction"] : undefined;
      add(link.labelLink(label, reviewed === undefined ? undefined : String(reviewed)));
      if (reviewed !== undefined) {
        const prediction = await known("prediction", predictionFrom(String(reviewed)));
        if (prediction) looked(prediction);
      }
      const imported = await fromSource(model, label.source);
      if (imported) add(link.importLink(imported));
      const { items } = await datasets({ model, limit: 100 });
      const later = items.filter(
        ({ createdAt, status }) => createdAt >= label.labelledAt.slice(0, 10) && status === "ready",
      );
      if (later.length > DATASETS)
        gaps.push(`Only the newest ${DATASETS} datasets of ${model} were searched.`);
      for (const dataset of later.slice(0, DATASETS)) await down.labelled(dataset, key);
    },
    async labelled(dataset: Dataset, key: string) {
      const split = await memberOf(dataset.folder!, key);
      if (split === "none") return;
      const one = link.datasetLink(dataset, key);
      const where =
        split === "unknown" ? "perhaps in it; it is too long to be searched" : `in its ${split} split`;
      if (add({ ...one, what: `${one.what}; ${where}` })) await down.dataset(dataset.model, dataset.id);
    },
    async dataset(model: string, id: string) {
      const { items } = await runs({ model, limit: CHILDREN });
      for (const run of items.filter(({ dataset }) => dataset === id))
        if (add(link.runLink(run))) await down.run(run);
    },
    async run({ name, model, version: id, versionProblem }: TrainingRun) {
      if (versionProblem) gaps.push(`No version came of ${name}, or none that is judged: ${versionProblem}`);
      const version = id && (await known("version", fromVersion(model, id)));
      if (version && add({ ...link.versionLink(version), from: name })) await down.version(model, id);
    },
    async version(model: string, id: string) {
      const { items } = await deployments({ model, limit: CHILDREN });
      for (const one of items.filter(({ version }) => version === id)) await down.deployment(one);
    },
    async deployment(deployment: Deployment) {
      if (!add(link.deploymentLink(deployment)) || deployment.endpoint === "") return;
      const endpoint = await known("endpoint", endpointFrom(deployment.endpoint));
      if (endpoint && deployment.status === "live") add(link.endpointLink(endpoint, deployment.id));
    },
  };

  /** The deployment that was live there at that time. */
  const answering = async (model: string, endpoint: string | undefined, at: string) => {
    const { items } = await deployments({ model, limit: CHILDREN });
    return items.find(
      (one) =>
        one.status === "live" &&
        (endpoint === undefined || one.endpoint === endpoint) &&
        (one.finishedAt ?? one.changedAt) <= at,
    );
  };

  /** The last one that had brought this very version there, as a candidate or live. */
  const bringing = async ({ model, version }: ModelVersion, endpoint: string | undefined, at: string) => {
    const { items } = await deployments({ model, limit: CHILDREN });
    return items.find(
      (one) =>
        one.version === version &&
        one.startedAt <= at &&
        (endpoint === undefined || [one.endpoint, one.candidate].includes(endpoint)),
    );
  };

  const throughDeployment = async (one: Deployment | undefined, model: string) => {
    if (!one) return void gaps.push(`No deployment of ${model} is known to have served it.`);
    await down.deployment(one);
    await up.version(one.model, one.version);
  };

  return {
    found,
    gaps,
    async from(start: Start): Promise<void> {
      switch (start.kind) {
        case "label":
          for (const { model, key } of start.labels) await down.label(model, key);
          return;
        case "dataset": {
          const dataset = await datasetFrom(start.id);
          add(link.datasetLink(dataset));
          return down.dataset(dataset.model, dataset.id);
        }
        case "run": {
          await up.run(start.id);
          return down.run(await runFrom(start.id));
        }
        case "version":
          await up.version(start.model, start.id);
          return down.version(start.model, start.id);
        case "deployment": {
          const deployment = await deploymentFrom(start.id);
          return throughDeployment(deployment, deployment.model);
        }
        case "endpoint": {
          const endpoint = await endpointFrom(start.id);
          const one = await answering(endpoint.model, endpoint.name, "9999");
          await throughDeployment(one, endpoint.model);
          return void add(link.endpointLink(endpoint, one?.id));
        }
        case "prediction": {
          const prediction = await predictionFrom(start.id);
          const { model, endpoint, modelVersion, finishedAt, changedAt } = prediction;
          const at = finishedAt ?? changedAt;
          const version = modelVersion ? await exactly(model, modelVersion) : undefined;
          if (version) {
            await up.version(model, version.version);
            const one = await bringing(version, endpoint, at);
            if (one) await down.deployment(one);
          } else await throughDeployment(await answering(model, endpoint, at), model);
          looked(prediction, endpoint ?? version?.version);
          if (prediction.review?.key) await down.label(model, prediction.review.key);
          return;
        }
      }
    },
  };
}
