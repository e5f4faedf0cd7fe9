// What came of what, from the label to the endpoint and its answers; each thing leads to its own page.
import type { Link } from "@sluice/core/trace/trace.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Shown } from "../../component/note.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { many } from "../../format/number.ts";
import { addressOf } from "../../route/record.ts";

export function Chain({ id }: { id: string }) {
  const trace = useRemote(`trace ${id}`, () => body(api().trace.$get({ query: { id } })));
  return (
    <Shown remote={trace} what="its trace">
      {({ links, gaps }) => (
        <>
          <ol class="chain">
            {links.map((link) => (
              <Step key={`${link.kind} ${link.id}`} link={link} here={link.id === id} />
            ))}
          </ol>
          {gaps.map((gap) => (
            <p key={gap} class="hint">
              {gap}
            </p>
          ))}
        </>
      )}
    </Shown>
  );
}

function Step({ link, here }: { link: Link; here: boolean }) {
  const { kind, id, status, what, at, events } = link;
  const name = kind === "label" ? fileName(id) : id;
  return (
    <li aria-current={here ? "true" : undefined}>
      <span class="kind">{kind}</span>
      <div>
        {here ? <strong>{name}</strong> : <a href={addressOf(link)}>{name}</a>}
        <p class="hint">{what}</p>
        {events.length > 0 && (
          <details>
            <summary>{many(events.length, "event")}</summary>
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
