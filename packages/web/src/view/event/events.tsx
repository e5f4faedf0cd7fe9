import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Link } from "@sluice/core/trace/trace.ts";
import { api, readBody } from "../../api/client.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Select } from "../../component/select.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { linkTo } from "../../route/links.ts";
import { pathTo } from "../../route/path.ts";
import { changeQuery, queryOf } from "../../route/route.ts";
import { TraceForm } from "../trace/trace.tsx";

const REFRESH_MS = 30_000;
const TYPES = [
  "review.requested",
  "labels.changed",
  "dataset.changed",
  "training.changed",
  "training.deferred",
  "retrain.decided",
  "accuracy.low",
  "version.registered",
  "version.accepted",
  "version.refused",
  "deployment.changed",
  "endpoint.changed",
];

const KINDS: Record<string, Link["kind"]> = {
  review: "review",
  labels: "import",
  dataset: "dataset",
  training: "run",
  version: "version",
};

export function EventsView() {
  const filters = queryOf("model", "type", "subject");
  const events = usePages(
    `events ${JSON.stringify(filters)}`,
    (page) => readBody(api().events.$get({ query: { ...filters, ...page } })),
    ({ id }) => id,
    { everyMs: REFRESH_MS, on: "" },
  );
  const filtered = Object.keys(filters).length > 0;
  return (
    <View
      title="Events"
      header={
        <div class="pair">
          <ModelFilter />
          <label class="filter">
            Type{" "}
            <Select
              value={filters.type ?? ""}
              none="any"
              options={TYPES}
              change={(type) => changeQuery({ type })}
            />
          </label>
          <TraceForm />
          {filters.subject && (
            <button type="button" onClick={() => changeQuery({ subject: undefined })}>
              Subject: {filters.subject} ×
            </button>
          )}
        </div>
      }
    >
      <PagedList
        pages={events}
        what="events"
        empty={
          <Empty
            title={filtered ? "No events match the filters" : "No events"}
            command="npx sluice datasets generate vehicles"
          >
            Every change of labels, datasets, training runs, versions and endpoints is an event.
          </Empty>
        }
      >
        {(all) => (
          <ol class="events">
            {all.map((event) => (
              <Row key={event.id} event={event} />
            ))}
          </ol>
        )}
      </PagedList>
    </View>
  );
}

function Row({ event }: { event: EventRecord }) {
  const { type, subject, model, at, detail } = event;
  const status = typeof detail["status"] === "string" ? detail["status"] : type.split(".")[1]!;
  return (
    <li>
      <Time at={at} />
      <span class="what">
        <span class="kind">{type.split(".")[0]}</span>
        <Status of={status} />
      </span>
      <a class="subject" href={linkToRecord(event)}>
        {subject}
      </a>
      <span class="faint">{model}</span>
      <span class="hint summary">{summarize(detail)}</span>
      <details>
        <summary aria-label={`Details of ${type} ${subject}`}>{"{ }"}</summary>
        <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </li>
  );
}

/** The page of the record that the event is about. */
function linkToRecord({ type, subject: id, model, detail }: EventRecord): string {
  const { keys } = detail;
  if (Array.isArray(keys) && keys.length === 1) return linkTo({ kind: "label", id: String(keys[0]), model });
  if (["training.deferred", "retrain.decided", "accuracy.low"].includes(type)) return pathTo("model", model);
  return linkTo({ kind: KINDS[type.split(".")[0]!] ?? "endpoint", id, model });
}

function summarize(detail: Record<string, unknown>): string {
  const { added, changed, removed, source } = detail;
  if (typeof added === "number")
    return `${added} added, ${String(changed)} changed, ${String(removed)} removed, source: ${String(source)}`;
  const parts = [
    "step",
    "secondaryStatus",
    "explanation",
    "reason",
    "requestedBy",
    "note",
    "failureReason",
  ].map((name) => detail[name]);
  return parts.filter((part) => typeof part === "string").join(", ");
}
