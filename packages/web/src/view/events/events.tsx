// Everything that happened to labels, datasets, runs, versions and endpoints, newest first, each leading to its record.
import type { Happening } from "@sluice/core/event/list.ts";
import { api, body } from "../../api/client.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { changeQuery, place, to, withQuery } from "../../route/route.ts";

const REFRESH_MS = 2_000;
const TYPES = [
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
    REFRESH_MS,
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
              command="npx sluice dataset import <folder> --model <model>"
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
              <More more={events.more} />
            </>
          )
        }
      </Shown>
    </article>
  );
}

function Row({ event }: { event: Happening }) {
  const { type, subject, model, at, detail } = event;
  const status = typeof detail["status"] === "string" ? detail["status"] : type.split(".")[1]!;
  return (
    <li>
      <Time at={at} />
      <span class="kind">{type.split(".")[0]}</span>
      <Status of={status} />
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
function recordOf({ type, subject, model, detail }: Happening): string {
  const version = typeof detail["version"] === "string" ? detail["version"] : undefined;
  if (type.startsWith("dataset.")) return to("dataset", subject);
  if (type.startsWith("training.")) return to("run", subject);
  if (type.startsWith("version.") && version) return to("version", model, version);
  if (type.startsWith("labels.")) return withQuery(to("datasets"), { model });
  return to("model", model);
}

function sentence(detail: Record<string, unknown>): string {
  const { added, changed, removed, source } = detail;
  if (typeof added === "number")
    return `${added} new, ${String(changed)} changed, ${String(removed)} removed, by ${String(source)}`;
  const parts = ["step", "secondaryStatus", "reason", "failureReason"].map((name) => detail[name]);
  return parts.filter((part) => typeof part === "string").join(", ");
}
