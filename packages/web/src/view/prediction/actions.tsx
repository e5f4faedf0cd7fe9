import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { api, readBlob, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useAction } from "../../component/action.tsx";
import { fileName } from "../../format/file.ts";
import { pathTo } from "../../route/path.ts";
import { navigate } from "../../route/route.ts";
import { uploadFiles } from "./uploads.ts";

interface ActionsProps {
  prediction: Prediction;
  model: Model | undefined;
}

/** Predicts the same file again, or labels it for the next training. */
export function Actions({ prediction, model }: ActionsProps) {
  const { busy, run, result } = useAction();
  const { id, source } = prediction;
  const predictAgain = async () => {
    const file = await readBlob(`/predictions/${encodeURIComponent(id)}/image`);
    const type = source.contentType ?? file.type;
    uploadFiles(prediction.model, [new File([file], fileName(source.key), { type })]);
    navigate(pathTo());
  };
  const setLabel = async (label: string) => {
    const param = { model: prediction.model };
    await readBody(api().labels[":model"].$put({ param, json: { key: source.key, label } }));
    return `Labeled “${label}” for the next training.`;
  };
  return (
    <div class="actions">
      <button type="button" disabled={busy} onClick={() => void run(predictAgain)}>
        Predict again
      </button>
      {model && model.task !== "object-detection" && (
        <select
          aria-label="Label this file for the next training"
          value=""
          disabled={busy}
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            if (value) void run(() => setLabel(value));
            currentTarget.value = "";
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
      {result}
    </div>
  );
}
