// What can be done about a prediction: the same file once more, or the right answer for the next training.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useState } from "preact/hooks";
import { api, blob, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { ErrorNote } from "../../component/note.tsx";
import { fileName } from "../../format/file.ts";
import { to } from "../../route/route.ts";
import { send } from "../predictions/uploads.ts";

interface ActionsProps {
  prediction: Prediction;
  model: Model | undefined;
}

export function Actions({ prediction, model }: ActionsProps) {
  const [said, setSaid] = useState("");
  const [error, setError] = useState<ApiError>();
  const { id, source } = prediction;
  const doing = (work: () => Promise<string>) => {
    setError(undefined);
    work().then(setSaid, (thrown: unknown) => setError(asApiError(thrown)));
  };
  const again = async () => {
    const file = await blob(`/predictions/${encodeURIComponent(id)}/image`);
    const type = source.contentType ?? file.type;
    send(prediction.model, [new File([file], fileName(source.key), { type })]);
    location.hash = to();
    return "";
  };
  const label = async (name: string) => {
    await body(
      api().labels[":model"].$put({
        param: { model: prediction.model },
        json: { key: source.key, label: name },
      }),
    );
    return `Labelled “${name}” for the next training.`;
  };
  return (
    <div class="actions">
      <button type="button" onClick={() => doing(again)}>
        Predict again
      </button>
      {model && model.task !== "object-detection" && (
        <select
          aria-label="Label this file for the next training"
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value) doing(() => label(value));
            event.currentTarget.value = "";
          }}
        >
          <option value="">Label as …</option>
          {model.classes.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      <span role="status" class="faint">
        {said}
      </span>
      {error && <ErrorNote error={error} />}
    </div>
  );
}
