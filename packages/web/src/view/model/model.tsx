import { api, readBody } from "../../api/client.ts";
import { type Model, useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { Empty, Loaded } from "../../component/notes.tsx";
import { Status } from "../../component/status.tsx";
import { View } from "../../component/view.tsx";
import { pathTo, withQuery } from "../../route/path.ts";
import { Comparison } from "./comparison.tsx";
import { Cost } from "./cost.tsx";
import { Declaration } from "./declaration.tsx";
import { Performance } from "./performance.tsx";
import { Serving } from "./serving.tsx";
import { Versions } from "./versions.tsx";

const REFRESH_MS = 30_000;

export function ModelView({ name }: { name: string }) {
  const models = useModels();
  return (
    <Loaded resource={models} what="the model">
      {(all) => {
        const model = all.find((each) => each.name === name);
        return model ? (
          <ModelPage model={model} />
        ) : (
          <Empty title={`There is no model ${name}`}>
            <a href={pathTo("models")}>Show all models</a>
          </Empty>
        );
      }}
    </Loaded>
  );
}

function ModelPage({ model }: { model: Model }) {
  const { name, endpoint } = model;
  const traffic = useResource(
    `traffic ${name}`,
    () => readBody(api().traffic[":model"].$get({ param: { model: name } })),
    { everyMs: REFRESH_MS, on: "deployment." },
  );
  return (
    <View
      title={name}
      parents={[["Models", pathTo("models")]]}
      header={
        <p class="verdict">
          <Status of={endpoint.status} title={endpoint.failureReason} />
          <a href={withQuery(pathTo(), { model: name })}>Predictions</a>
          <a href={withQuery(pathTo("training"), { model: name })}>Training</a>
          <a href={withQuery(pathTo("datasets"), { model: name })}>Datasets</a>
          <a href={withQuery(pathTo("events"), { model: name })}>Events</a>
        </p>
      }
    >
      <Performance model={model} />
      <Versions model={model} live={traffic.data?.version} />
      <Comparison model={name} />
      <div class="halves even">
        <div class="stack">
          <Serving model={model} traffic={traffic.data} />
          <Cost model={name} />
        </div>
        <Declaration model={model} />
      </div>
    </View>
  );
}
