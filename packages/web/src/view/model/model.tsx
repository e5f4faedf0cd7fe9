// One model: how it has been doing, what serves it, its versions, what was declared, and what it costs.
import { type Model, useModels } from "../../api/models.ts";
import { Empty, Shown } from "../../component/note.tsx";
import { Status } from "../../component/status.tsx";
import { to, withQuery } from "../../route/route.ts";
import { Cost } from "./cost.tsx";
import { Declaration } from "./declaration.tsx";
import { Doing } from "./doing.tsx";
import { Serving } from "./serving.tsx";
import { Versions } from "./versions.tsx";

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
      <Versions model={model} />
      <div class="halves even">
        <div class="stack">
          <Serving model={model} />
          <Cost model={name} />
        </div>
        <Declaration model={model} />
      </div>
    </article>
  );
}
