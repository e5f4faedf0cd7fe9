// What a person can say of a prediction, by a click or a key.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/prediction/result.ts";
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { Command } from "../../component/copy.tsx";
import { useKeys } from "../../component/keys.ts";
import { many } from "../../format/number.ts";

export type Wish = { label: string } | { agree: true } | { dismiss: true };

export const settle = (id: string, json: Wish) =>
  body(api().reviews[":id"].verdict.$put({ param: { id }, json }));

/** "truck, not car", "agreed: car", "dismissed" */
export function saidOf({ review, summary }: Prediction): string {
  if (review?.status !== "settled") return review?.status ?? "";
  const said = review.label ?? many(review.boxes ?? 0, "box", "boxes");
  if (review.agreed) return `agreed: ${said}`;
  return review.label === undefined ? said : `${said}, not ${summary?.class}`;
}

interface VerdictProps {
  prediction: Prediction;
  model: Model;
  result: Result | undefined;
  say: (wish: Wish) => void;
  disabled?: boolean;
}

/** Beyond it a list is quicker than buttons. */
const MOST_BUTTONS = 20;
const DIGITS = "1234567890";

export function Verdict({ prediction, model, result, say, disabled = false }: VerdictProps) {
  const { id, summary } = prediction;
  const detects = model.task === "object-detection";
  const classes = detects ? [] : model.classes;
  useKeys((key) => {
    if (disabled) return false;
    const name = DIGITS.includes(key) ? classes[DIGITS.indexOf(key)] : undefined;
    if (name !== undefined) say({ label: name });
    else if (key === "a") say({ agree: true });
    else if (key === "x") say({ dismiss: true });
    else return false;
    return true;
  });
  const found = result?.task === "object-detection" ? result.detections.length : undefined;
  const agreed = detects
    ? found === 0
      ? "Agree: nothing is there"
      : `Agree with ${found === undefined ? "the boxes" : many(found, "box", "boxes")}`
    : `Agree: ${summary?.class}`;
  return (
    <div class="say" role="group" aria-label="Verdict">
      <button
        type="button"
        class="primary"
        disabled={disabled}
        aria-keyshortcuts="a"
        onClick={() => say({ agree: true })}
      >
        {agreed} <kbd>a</kbd>
      </button>
      {classes.length > MOST_BUTTONS ? (
        <select
          aria-label="The right class"
          value=""
          disabled={disabled}
          onChange={({ currentTarget: { value } }) => value && say({ label: value })}
        >
          <option value="">It is …</option>
          {classes.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        classes.map((name, index) => (
          <button
            key={name}
            type="button"
            disabled={disabled}
            aria-keyshortcuts={DIGITS[index]}
            onClick={() => say({ label: name })}
          >
            {DIGITS[index] && <kbd>{DIGITS[index]}</kbd>} {name}
          </button>
        ))
      )}
      <button
        type="button"
        class="quiet"
        disabled={disabled}
        aria-keyshortcuts="x"
        onClick={() => say({ dismiss: true })}
      >
        Dismiss <kbd>x</kbd>
      </button>
      {detects && (
        <div class="drawn">
          <p class="hint">
            Boxes are not drawn on this page. Where they are wrong, hand the right ones over:
          </p>
          <Command>{`npx sluice review settle ${id} --boxes boxes.json`}</Command>
        </div>
      )}
    </div>
  );
}
