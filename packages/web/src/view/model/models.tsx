import { useModels } from "../../api/models.ts";
import { Grid } from "../../component/grid.tsx";
import { Loaded } from "../../component/notes.tsx";
import { Status } from "../../component/status.tsx";
import { View } from "../../component/view.tsx";
import { formatPercent } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";

export function ModelsView() {
  const models = useModels();
  return (
    <View title="Models">
      <Loaded resource={models} what="models">
        {(all) => (
          <Grid
            label="Declared models"
            rows={all}
            rowKey={({ name }) => name}
            columns={[
              { title: "Model", cell: ({ name }) => <a href={pathTo("model", name)}>{name}</a> },
              { title: "Task", cell: ({ task }) => task.replace("-", " ") },
              { title: "Classes", wide: true, cell: ({ classes }) => classes.join(", ") },
              {
                title: "Endpoint",
                cell: ({ endpoint }) => <Status of={endpoint.status} title={endpoint.failureReason} />,
              },
              { title: "Target", cell: ({ target }) => target },
              { title: "Threshold", number: true, cell: ({ gate }) => formatPercent(gate.threshold, 0) },
              {
                title: "Predictions",
                cell: ({ name }) => <a href={withQuery(pathTo(), { model: name })}>Show</a>,
              },
            ]}
          />
        )}
      </Loaded>
    </View>
  );
}
