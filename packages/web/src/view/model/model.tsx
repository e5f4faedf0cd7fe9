// One model: how it has been doing, what serves it, its versions, what was declared, and what it costs.
import { api, body } from "../../api/client.ts";
import { type Model, useModels } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { Empty, Shown } from "../../component/note.tsx";
import { Status } from "../../component/status.tsx";
import { to, withQuery } from "../../route/route.ts";
import { Cost } from "./cost.tsx";
import { Declaration } from "./declaration.tsx";
import { Doing } from "./doing.tsx";
import { Serving } from "./serving.tsx";
import { Versions } from "./versions.tsx";

const REFRESH_MS = 30_000;

export function ModelView({ name }: { name: string }) {
  const models = useModels();
  return (
    <Shown remote={models} what="the model">
      {(all) => {
        const model = all.find((one) => one.name === name);
        return model ? (
          <One model={model} />
        ) : (
          <Empty title="No such model is declared">
            <a href={to("models")}>All models</a>
          </Empty>
        );
      }}
    </Shown>
  );
}

function One({ model }: { model: Model }) {
  const { name, endpoint } = model;
  const traffic = useRemote(
    `traffic ${name}`,
    () => body(api().traffic[":model"].$get({ param: { model: name } })),
    { everyMs: REFRESH_MS, on: "deployment." },
  );
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={to("models")}>Models</a>
        </p>
        <h1>{name}</h1>
        <p class="verdict">
          <Status of={endpoint.status} title={endpoint.failureReason} />
          <a href={withQuery(to(), { model: name })}>Predictions</a>
          <a href={withQuery(to("training"), { model: name })}>Training</a>
          <a href={withQuery(to("datasets"), { model: name })}>Datasets</a>
          <a href={withQuery(to("events"), { model: name })}>Events</a>
        </p>
      </header>
      <Doing model={model} />
      <Versions model={model} live={traffic.data?.version} />
      <div class="halves even">
        <div class="stack">
          <Serving model={model} now={traffic.data} />
          <Cost model={name} />
        </div>
        <Declaration model={model} />
      </div>
    </article>
  );
}
