// A form that starts a training. Empty fields have the declared value, which is shown as the placeholder.
import { useState } from "preact/hooks";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useAction } from "../../component/action.tsx";
import { Select } from "../../component/select.tsx";
import { pathTo } from "../../route/path.ts";
import { navigate } from "../../route/route.ts";

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
  const { busy, run, result } = useAction();
  const { training } = models.find((model) => model.name === name) ?? models[0]!;
  const declaredValue = (field: string) => {
    const value = training.hyperparameters[field];
    return value === undefined ? "default" : String(value);
  };
  const start = async (form: FormData) => {
    const text = (field: string) => String(form.get(field) ?? "");
    const numbers = NUMBERS.filter((field) => text(field.name) !== "").map((field) => [
      field.name,
      Number(text(field.name)),
    ]);
    const started = await readBody(
      api().models[":model"].training.$post({
        param: { model: name },
        json: {
          ...Object.fromEntries(numbers),
          ...(text("container") && { container: text("container") as Trainer }),
          ...(form.has("skipDataPrep") && { skipDataPrep: true }),
        },
      }),
    );
    navigate(pathTo("run", started.name));
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    void run(() => start(form));
  };
  return (
    <details class="panel start">
      <summary>Start a training</summary>
      <form onSubmit={submit}>
        <label>
          Model
          <Select value={name} options={models.map((model) => model.name)} change={setName} />
        </label>
        {NUMBERS.map((field) => (
          <label key={field.name}>
            {field.title}
            <input
              type="number"
              name={field.name}
              step={field.step}
              min="0"
              placeholder={declaredValue(field.name)}
            />
          </label>
        ))}
        <label>
          Trainer
          <select name="container">
            <option value="">{training.container} (declared)</option>
            {TRAINERS.filter((trainer) => trainer !== training.container).map((trainer) => (
              <option key={trainer}>{trainer}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" name="skipDataPrep" /> Train on the newest dataset that is ready
        </label>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Starting …" : "Start"}
        </button>
      </form>
      <p class="hint">
        Declared: {training.container} on {training.instance}
        {training.spot ? ", spot" : ""}
      </p>
      {result}
    </details>
  );
}
