// The trace of a record, from label to endpoint. Each record links to its page.
import type { Link } from "@sluice/core/trace/trace.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Loaded } from "../../component/notes.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { formatPlural } from "../../format/number.ts";
import { linkTo } from "../../route/links.ts";

export function Lineage({ id }: { id: string }) {
  const trace = useResource(`trace ${id}`, () => readBody(api().trace.$get({ query: { id } })));
  return (
    <Loaded resource={trace} what="the trace">
      {({ links, gaps }) => (
        <>
          <ol class="chain">
            {links.map((link) => (
              <Step key={`${link.kind} ${link.id}`} link={link} current={link.id === id} />
            ))}
          </ol>
          {gaps.map((gap) => (
            <p key={gap} class="hint">
              {gap}
            </p>
          ))}
        </>
      )}
    </Loaded>
  );
}

function Step({ link, current }: { link: Link; current: boolean }) {
  const { kind, id, status, what, at, events } = link;
  const name = kind === "label" ? fileName(id) : id;
  return (
    <li aria-current={current ? "true" : undefined}>
      <span class="kind">{kind}</span>
      <div>
        {current ? <strong>{name}</strong> : <a href={linkTo(link)}>{name}</a>}
        <p class="hint">{what}</p>
        {events.length > 0 && (
          <details>
            <summary>{formatPlural(events.length, "event")}</summary>
            <ol class="history">
              {events.map((event) => (
                <li key={event.id}>
                  <span>{event.type}</span>
                  <span class="hint">{String(event.detail["status"] ?? event.detail["step"] ?? "")}</span>
                  <Time at={event.at} />
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
      <span class="when">
        {status && <Status of={status} />}
        <Time at={at} />
      </span>
    </li>
  );
}
