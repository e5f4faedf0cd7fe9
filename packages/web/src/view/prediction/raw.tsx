// The records behind what is shown, and how to fetch them without the page.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { site } from "../../api/config.ts";
import { token } from "../../api/session.ts";
import { Command, Copy } from "../../component/copy.tsx";
import { Panel } from "../../component/panel.tsx";

interface RawProps {
  id: string;
  prediction: Prediction;
  result: Result | undefined;
}

export function Raw({ id, prediction, result }: RawProps) {
  const path = `${site().api}/predictions/${id}${result ? "/result" : ""}`;
  const curl = (bearer: string) => `curl -H "Authorization: Bearer ${bearer}" ${path}`;
  return (
    <Panel title="Raw" class="later">
      <Command>{curl("$SLUICE_TOKEN")}</Command>
      <p class="hint">
        SLUICE_TOKEN is your token. <Copy text={curl(token.value ?? "")} what="Copy with the token in it" />
      </p>
      <Json title="Record" value={prediction} />
      {result && <Json title="Result" value={result} />}
    </Panel>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <details>
      <summary>{title}</summary>
      <Copy text={text} />
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
