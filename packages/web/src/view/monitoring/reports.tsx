import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { pathTo, withQuery } from "../../route/path.ts";

const SHOWN = 20;

export function Reports({ reports, shown }: { reports: readonly DriftReport[]; shown: string | undefined }) {
  return (
    <Panel title="Reports">
      {reports.length === 0 && <p class="hint">No reports yet.</p>}
      <ol class="history">
        {reports.slice(0, SHOWN).map(({ id, model, status, reason, createdAt }) => (
          <li key={id}>
            <Status of={status} />
            <a
              href={withQuery(pathTo("monitoring"), { model, report: id })}
              aria-current={id === shown ? "true" : undefined}
            >
              {reason}
            </a>
            <Time at={createdAt} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
