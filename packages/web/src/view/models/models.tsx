// The declared models, each with where it stands.
import { useModels } from "../../api/models.ts";
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
          <div class="scroll" tabIndex={0} role="region" aria-label="Declared models">
            <table class="grid">
              <thead>
                <tr>
                  <th scope="col">Model</th>
                  <th scope="col">Task</th>
                  <th scope="col">Classes</th>
                  <th scope="col">Endpoint</th>
                  <th scope="col">Target</th>
                  <th scope="col" class="number">
                    Threshold
                  </th>
                  <th scope="col">Predictions</th>
                </tr>
              </thead>
              <tbody>
                {all.map(({ name, task, classes, endpoint, target, gate }) => (
                  <tr key={name}>
                    <th scope="row">
                      <a href={to("model", name)}>{name}</a>
                    </th>
                    <td>{task.replace("-", " ")}</td>
                    <td class="wide">{classes.join(", ")}</td>
                    <td>
                      <Status of={endpoint.status} title={endpoint.failureReason} />
                    </td>
                    <td>{target}</td>
                    <td class="number">{percent(gate.threshold, 0)}</td>
                    <td>
                      <a href={withQuery(to(), { model: name })}>see them</a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
    </article>
  );
}
