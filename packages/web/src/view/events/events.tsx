// Everything that happened to labels, datasets, runs, versions and endpoints, newest first, each leading to its record.
import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Link } from "@sluice/core/trace/trace.ts";
import { api, body } from "../../api/client.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { addressOf } from "../../route/record.ts";
import { changeQuery, place, to } from "../../route/route.ts";
import { TraceForm } from "../trace/trace.tsx";

const REFRESH_MS = 30_000;
const TYPES = [
  "review.requested",
  "labels.changed",
  "dataset.changed",
  "training.changed",
  "training.deferred",
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
  const { query } = place.value;
  const wanted = {
    ...(query.get("model") && { model: query.get("model")! }),
    ...(query.get("type") && { type: query.get("type")! }),
    ...(query.get("subject") && { subject: query.get("subject")! }),
  };
  const events = usePages(
    `events ${JSON.stringify(wanted)}`,
    (cursor) => body(api().events.$get({ query: { ...wanted, ...(cursor && { cursor }) } })),
    ({ id }) => id,
    { everyMs: REFRESH_MS, on: "" },
  );
  const filtered = Object.keys(wanted).length > 0;
  return (
    <article class="one">
      <header class="title">
        <h1>Events</h1>
        <div class="pair">
          <ModelFilter />
          <label class="filter">
            Type{" "}
            <select
              value={query.get("type") ?? ""}
              onChange={(event) => changeQuery({ type: event.currentTarget.value })}
            >
              <option value="">any</option>
              {TYPES.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </label>
          <TraceForm />
          {query.get("subject") && (
            <button type="button" onClick={() => changeQuery({ subject: undefined })}>
              Only {query.get("subject")} ×
            </button>
          )}
        </div>
      </header>
      <Shown remote={events} what="events">
        {(all) =>
          all.length === 0 ? (
            <Empty
              title={filtered ? "Nothing of this kind happened" : "Nothing happened yet"}
              command="npx sluice dataset generate vehicles"
            >
              Labels, datasets, trainings, versions and endpoints leave their trace here.
            </Empty>
          ) : (
            <>
              <ol class="events">
                {all.map((event) => (
                  <Row key={event.id} event={event} />
                ))}
              </ol>
              <More of={events.rest} />
            </>
          )
        }
      </Shown>
    </article>
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
      <a class="subject" href={recordOf(event)}>
        {subject}
      </a>
      <span class="faint">{model}</span>
      <span class="hint said">{sentence(detail)}</span>
      <details>
        <summary aria-label={`Details of ${type} ${subject}`}>{"{ }"}</summary>
        <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </li>
  );
}

/** Where what it tells of can be looked at. */
function recordOf({ type, subject: id, model, detail }: EventRecord): string {
  const { keys } = detail;
  if (Array.isArray(keys) && keys.length === 1)
    return addressOf({ kind: "label", id: String(keys[0]), model });
  if (type === "training.deferred") return to("model", model);
  return addressOf({ kind: KINDS[type.split(".")[0]!] ?? "endpoint", id, model });
}

function sentence(detail: Record<string, unknown>): string {
  const { added, changed, removed, source } = detail;
  if (typeof added === "number")
    return `${added} new, ${String(changed)} changed, ${String(removed)} removed, by ${String(source)}`;
  const parts = ["step", "secondaryStatus", "reason", "requestedBy", "note", "failureReason"].map(
    (name) => detail[name],
  );
  return parts.filter((part) => typeof part === "string").join(", ");
}
