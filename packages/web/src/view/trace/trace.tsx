import { Empty } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { View } from "../../component/view.tsx";
import { pathTo } from "../../route/path.ts";
import { navigate } from "../../route/route.ts";
import { Lineage } from "./lineage.tsx";

export function TraceView({ id }: { id: string }) {
  return (
    <View title="Trace" parents={[["Events", pathTo("events")]]} header={<TraceForm id={id} />}>
      {id ? (
        <Panel title={`Trace of ${id}`}>
          <Lineage id={id} />
        </Panel>
      ) : (
        <Empty title="Trace a record">
          Enter the key or S3 URI of an upload or a labeled file, or the id of any record, report, decision,
          alert or event.
        </Empty>
      )}
    </View>
  );
}

export function TraceForm({ id = "" }: { id?: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get("id")).trim();
    if (text) navigate(pathTo("trace", text));
  };
  return (
    <form class="filter" onSubmit={submit}>
      <label for="trace">Trace</label>
      <input id="trace" name="id" key={id} defaultValue={id} placeholder="id or key" required />
      <button type="submit">Show</button>
    </form>
  );
}
