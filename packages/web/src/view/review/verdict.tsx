// The buttons and shortcuts that resolve a review.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import type { Box } from "../../component/boxes/box.ts";
import type { Drawing } from "../../component/boxes/drawing.ts";
import { Select } from "../../component/select.tsx";
import { classForKey, DIGITS, useShortcuts } from "../../component/shortcuts.ts";
import { formatPlural } from "../../format/number.ts";
import { saveDrawing } from "./drawings.ts";

export type VerdictRequest = { label: string } | { boxes: Box[] } | { agree: true } | { dismiss: true };

export const saveVerdict = (id: string, json: VerdictRequest) =>
  saveDrawing(id, readBody(api().reviews[":id"].verdict.$put({ param: { id }, json })));

/** The API applies a verdict to 50 reviews at a time. */
const GROUP_SIZE = 50;

export async function saveSimilar(ids: readonly string[], verdict: VerdictRequest): Promise<void> {
  for (let start = 0; start < ids.length; start += GROUP_SIZE) {
    const json = { ids: ids.slice(start, start + GROUP_SIZE), verdict };
    await readBody(api().reviews.verdicts.$put({ json }));
  }
}

/** "truck (predicted: car)", "car (confirmed)", "dismissed" */
export function describeReview({ review, summary }: Prediction): string {
  if (review?.status !== "resolved") return review?.status ?? "";
  const label = review.label ?? formatPlural(review.boxes ?? 0, "box", "boxes");
  if (review.agreed) return `${label} (confirmed)`;
  return review.label === undefined ? label : `${label} (predicted: ${summary?.class})`;
}

interface VerdictProps {
  prediction: Prediction;
  model: Model;
  result: Result | undefined;
  drawing: Drawing | undefined;
  submit: (verdict: VerdictRequest) => void;
  disabled?: boolean;
}

/** With more classes, a list replaces the buttons. */
const MAX_BUTTONS = 20;

export function Verdict({ prediction, model, result, drawing, submit, disabled = false }: VerdictProps) {
  const { summary } = prediction;
  const isDetector = model.task === "object-detection";
  const classes = isDetector ? [] : model.classes;
  const changed = drawing?.changed.value === true;
  const save = () => drawing && submit({ boxes: [...drawing.committed] });
  useShortcuts((key) => {
    if (disabled) return false;
    // With unsaved boxes, keys must not agree or dismiss by accident.
    if (changed) return key === "s" && (save(), true);
    const name = classForKey(key, classes);
    if (name !== undefined) submit({ label: name });
    else if (key === "a") submit({ agree: true });
    else if (key === "x") submit({ dismiss: true });
    else return false;
    return true;
  });
  const count = result?.task === "object-detection" ? result.detections.length : undefined;
  const agreeText = isDetector
    ? count === 0
      ? "Agree: no objects"
      : `Agree with ${changed ? "the model’s " : ""}${count === undefined ? "boxes" : formatPlural(count, "box", "boxes")}`
    : `Agree: ${summary?.class}`;
  return (
    <div class="controls" role="group" aria-label="Verdict">
      {changed && (
        <button type="button" class="primary" disabled={disabled} aria-keyshortcuts="s" onClick={save}>
          {drawing.boxes.value.length === 0
            ? "Save: no objects"
            : `Save ${formatPlural(drawing.boxes.value.length, "box", "boxes")}`}{" "}
          <kbd>s</kbd>
        </button>
      )}
      <button
        type="button"
        class={changed ? "" : "primary"}
        disabled={disabled}
        aria-keyshortcuts={changed ? undefined : "a"}
        onClick={() => submit({ agree: true })}
      >
        {agreeText} {!changed && <kbd>a</kbd>}
      </button>
      {classes.length > MAX_BUTTONS ? (
        <Select
          label="Correct class"
          value=""
          none="Correct class …"
          options={classes}
          disabled={disabled}
          change={(label) => label && submit({ label })}
        />
      ) : (
        classes.map((name, index) => (
          <button
            key={name}
            type="button"
            disabled={disabled}
            aria-keyshortcuts={DIGITS[index]}
            onClick={() => submit({ label: name })}
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
        onClick={() => submit({ dismiss: true })}
      >
        Dismiss {!changed && <kbd>x</kbd>}
      </button>
    </div>
  );
}
