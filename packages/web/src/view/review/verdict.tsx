// What a person can say of a prediction, by a click or a key.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import type { Box } from "../../component/boxes/box.ts";
import type { Drawing } from "../../component/boxes/drawing.ts";
import { byDigit, DIGITS, useKeys } from "../../component/keys.ts";
import { many } from "../../format/number.ts";
import { sealed } from "./drawings.ts";

export type Wish = { label: string } | { boxes: Box[] } | { agree: true } | { dismiss: true };

export const settle = (id: string, json: Wish) =>
  sealed(id, body(api().reviews[":id"].verdict.$put({ param: { id }, json })));

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
  drawing: Drawing | undefined;
  say: (wish: Wish) => void;
  disabled?: boolean;
}

/** Beyond it a list is quicker than buttons. */
const MOST_BUTTONS = 20;

export function Verdict({ prediction, model, result, drawing, say, disabled = false }: VerdictProps) {
  const { summary } = prediction;
  const detects = model.task === "object-detection";
  const classes = detects ? [] : model.classes;
  const changed = drawing?.changed.value === true;
  const save = () => drawing && say({ boxes: [...drawing.settled] });
  useKeys((key) => {
    if (disabled) return false;
    // No slip of a finger throws away what was drawn: only the buttons do.
    if (changed) return key === "s" && (save(), true);
    const name = byDigit(key, classes);
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
      : `Agree with ${changed ? "the model’s " : ""}${found === undefined ? "boxes" : many(found, "box", "boxes")}`
    : `Agree: ${summary?.class}`;
  return (
    <div class="say" role="group" aria-label="Verdict">
      {changed && (
        <button type="button" class="primary" disabled={disabled} aria-keyshortcuts="s" onClick={save}>
          {drawing.boxes.value.length === 0
            ? "Save: nothing is there"
            : `Save ${many(drawing.boxes.value.length, "box", "boxes")}`}{" "}
          <kbd>s</kbd>
        </button>
      )}
      <button
        type="button"
        class={changed ? "" : "primary"}
        disabled={disabled}
        aria-keyshortcuts={changed ? undefined : "a"}
        onClick={() => say({ agree: true })}
      >
        {agreed} {!changed && <kbd>a</kbd>}
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
        aria-keyshortcuts={changed ? undefined : "x"}
        onClick={() => say({ dismiss: true })}
      >
        Dismiss {!changed && <kbd>x</kbd>}
      </button>
    </div>
  );
}
