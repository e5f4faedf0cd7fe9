// The declared models, each with where it stands.
import { useModels } from "../../api/models.ts";
import { Grid } from "../../component/grid.tsx";
import { Shown } from "../../component/note.tsx";
import { Status } from "../../component/status.tsx";
import { percent } from "../../format/number.ts";
import { to, withQuery } from "../../route/route.ts";

export function ModelsView() {
  const models = useModels();
  return (
    <article class="one">
      <header class="title">
        <h1>Models</h1>
      </header>
      <Shown remote={models} what="models">
        {(all) => (
          <Grid
            label="Declared models"
            rows={all}
            rowKey={({ name }) => name}
            columns={[
              { title: "Model", cell: ({ name }) => <a href={to("model", name)}>{name}</a> },
              { title: "Task", cell: ({ task }) => task.replace("-", " ") },
              { title: "Classes", wide: true, cell: ({ classes }) => classes.join(", ") },
              {
                title: "Endpoint",
                cell: ({ endpoint }) => <Status of={endpoint.status} title={endpoint.failureReason} />,
              },
              { title: "Hosting", cell: ({ target }) => target },
              { title: "Threshold", number: true, cell: ({ gate }) => percent(gate.threshold, 0) },
              {
                title: "Predictions",
                cell: ({ name }) => <a href={withQuery(to(), { model: name })}>see them</a>,
              },
            ]}
          />
        )}
      </Shown>
    </article>
  );
}
