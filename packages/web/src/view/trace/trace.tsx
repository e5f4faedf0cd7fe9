// The whole chain around anything that has an id: a labelled file, a dataset, a run, a version, an endpoint, a prediction.
import { Empty } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { go, to } from "../../route/route.ts";
import { Chain } from "./chain.tsx";

export function TraceView({ id }: { id: string }) {
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={to("events")}>Events</a>
        </p>
        <h1>Trace</h1>
        <TraceForm id={id} />
      </header>
      {id ? (
        <Panel title={`Around ${id}`}>
          <Chain id={id} />
        </Panel>
      ) : (
        <Empty title="What came of what">
          Enter the key of a labelled file, or the id of a dataset, a training run, a version, an endpoint or
          a prediction.
        </Empty>
      )}
    </article>
  );
}

export function TraceForm({ id = "" }: { id?: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const asked = String(new FormData(event.target as HTMLFormElement).get("id")).trim();
    if (asked) go(to("trace", asked));
  };
  return (
    <form class="filter" onSubmit={submit}>
      <label for="trace">Trace</label>
      <input id="trace" name="id" key={id} defaultValue={id} placeholder="id or file" required />
      <button type="submit">Show</button>
    </form>
  );
}
