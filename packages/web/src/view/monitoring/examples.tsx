// Predictions of the baseline and of the window side by side: people see at once what changed.
import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { useEffect, useState } from "preact/hooks";
import { readBlob } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Panel } from "../../component/panel.tsx";
import { pathTo } from "../../route/path.ts";

const SHOWN = 6;

export function Examples({ report: { examples, status } }: { report: DriftReport }) {
  if (!examples || status !== "drift") return null;
  return (
    <Panel title="Examples" aside="typical before, and the most changed now">
      <div class="halves even">
        <Row title="Baseline" ids={examples.baseline} />
        <Row title="Now" ids={examples.window} />
      </div>
    </Panel>
  );
}

function Row({ title, ids }: { title: string; ids: readonly string[] }) {
  return (
    <section>
      <h3>{title}</h3>
      {ids.length === 0 && <p class="hint">The baseline was measured on held-out items of a dataset.</p>}
      <ul class="samples">
        {ids.slice(0, SHOWN).map((id) => (
          <li key={id}>
            <Example id={id} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Example({ id }: { id: string }) {
  const file = useResource(`input ${id}`, (signal) =>
    readBlob(`/predictions/${encodeURIComponent(id)}/image`, signal),
  );
  const [address, setAddress] = useState<string>();
  const [text, setText] = useState<string>();
  useEffect(() => {
    if (!file.data) return undefined;
    if (!file.data.type.startsWith("image/")) {
      void file.data.text().then((read) => setText(read.slice(0, 300)));
      return undefined;
    }
    const url = URL.createObjectURL(file.data);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [file.data]);
  return (
    <a href={pathTo("prediction", id)}>
      {text !== undefined ? (
        <blockquote>{text}</blockquote>
      ) : (
        <div class="frame">
          {file.error ? (
            <span class="hint">Deleted</span>
          ) : (
            address && <img src={address} alt={`Prediction ${id}`} />
          )}
        </div>
      )}
    </a>
  );
}
