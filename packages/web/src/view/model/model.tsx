// One model: what was declared, what serves it, and how it has been doing.
import { type Model, useModels } from "../../api/models.ts";
import { Empty, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { bytes, count, percent } from "../../format/number.ts";
import { to, withQuery } from "../../route/route.ts";

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
  const { name, task, classes, accepts, gate, target, endpoint } = model;
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
        </p>
      </header>
      <Panel title="Declaration">
        <Facts
          of={[
            ["Task", task],
            ["Classes", classes.join(", ")],
            ["Accepts", accepts.types.join(", ")],
            ["Up to", `${bytes(accepts.maxBytes)}, ${count(accepts.maxPixels)} pixels`],
            ["Uploads under", accepts.prefixes.map((prefix) => <code key={prefix}>{prefix}</code>)],
            ["Threshold", percent(gate.threshold)],
            [
              "For a class",
              Object.entries(gate.perClass)
                .map(([of, share]) => `${of} ${percent(share)}`)
                .join(", "),
            ],
            ["Hosting", target],
            ["Endpoint", <code>{endpoint.name}</code>],
          ]}
        />
      </Panel>
    </article>
  );
}
