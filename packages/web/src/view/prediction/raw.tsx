// The JSON of a prediction, and how to request it with curl.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { site } from "../../api/config.ts";
import { token } from "../../api/session.ts";
import { Command, CopyButton } from "../../component/copy-button.tsx";
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
    <Panel title="JSON" class="later">
      <Command>{curl("$SLUICE_TOKEN")}</Command>
      <p class="hint">
        SLUICE_TOKEN is your token. <CopyButton text={curl(token.value ?? "")} name="Copy with my token" />
      </p>
      <Json title="Prediction" value={prediction} />
      {result && <Json title="Result" value={result} />}
    </Panel>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <details>
      <summary>{title}</summary>
      <CopyButton text={text} />
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
