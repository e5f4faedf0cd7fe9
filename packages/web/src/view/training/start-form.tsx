// Starts a training. What is left empty is as the model declares it; that stands in each field as its placeholder.
import { useState } from "preact/hooks";
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { ErrorNote } from "../../component/note.tsx";
import { go, to } from "../../route/route.ts";

const NUMBERS = [
  { name: "epochs", title: "Epochs", step: 1 },
  { name: "learningRate", title: "Learning rate", step: "any" },
  { name: "batchSize", title: "Batch size", step: 1 },
  { name: "dropoutRate", title: "Dropout", step: "any" },
  { name: "seed", title: "Seed", step: 1 },
] as const;

const TRAINERS = ["probe", "torch", "builtin"] as const;
type Trainer = (typeof TRAINERS)[number];

interface FormProps {
  models: Model[];
  chosen: string | undefined;
}

export function StartForm({ models, chosen }: FormProps) {
  const [name, setName] = useState(chosen ?? models[0]!.name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const { training } = models.find((model) => model.name === name) ?? models[0]!;
  const declared = (of: string) => {
    const value = training.hyperparameters[of];
    return value === undefined ? "default" : String(value);
  };
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (of: string) => String(form.get(of) ?? "");
    const numbers = NUMBERS.filter((field) => text(field.name) !== "").map((field) => [
      field.name,
      Number(text(field.name)),
    ]);
    setBusy(true);
    setError(undefined);
    try {
      const run = await body(
        api().models[":model"].training.$post({
          param: { model: name },
          json: {
            ...Object.fromEntries(numbers),
            ...(text("container") && { container: text("container") as Trainer }),
            ...(form.has("skipDataPrep") && { skipDataPrep: true }),
          },
        }),
      );
      go(to("run", run.name));
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <details class="panel start">
      <summary>Start a training</summary>
      <form onSubmit={(event) => void start(event)}>
        <label>
          Model
          <select name="model" value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {models.map((model) => (
              <option key={model.name}>{model.name}</option>
            ))}
          </select>
        </label>
        {NUMBERS.map((field) => (
          <label key={field.name}>
            {field.title}
            <input
              type="number"
              name={field.name}
              step={field.step}
              min="0"
              placeholder={declared(field.name)}
            />
          </label>
        ))}
        <label>
          Trainer
          <select name="container">
            <option value="">{training.container} (declared)</option>
            {TRAINERS.filter((one) => one !== training.container).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" name="skipDataPrep" /> Learn from the newest dataset that is ready
        </label>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Starting …" : "Start"}
        </button>
      </form>
      <p class="hint">
        Declared: {training.container} on {training.instance}
        {training.spot ? ", spot" : ""}
      </p>
      {error && <ErrorNote error={error} />}
    </details>
  );
}
