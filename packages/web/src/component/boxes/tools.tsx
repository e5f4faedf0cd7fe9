// What can be done to the boxes without drawing: their class, one more, one less, back; and what changed, in words.
import { DIGITS } from "../keys.ts";
import type { Drawing } from "./drawing.ts";

export function BoxTools({ drawing }: { drawing: Drawing }) {
  const { classes } = drawing;
  const none = drawing.selected.value === undefined;
  const sealed = drawing.sealed.value;
  return (
    <div class="box-tools">
      <div class="pair" role="group" aria-label="Boxes">
        <select
          aria-label={none ? "Class of the next box" : "Class of the box"}
          value={drawing.class.value}
          disabled={sealed}
          onChange={({ currentTarget: { value } }) => drawing.name(value)}
        >
          {classes.map((name, index) => (
            <option key={name} value={name}>
              {DIGITS[index] ? `${DIGITS[index]} ${name}` : name}
            </option>
          ))}
        </select>
        <button type="button" disabled={sealed} onClick={() => drawing.add()}>
          Add a box
        </button>
        <button type="button" disabled={sealed || none} onClick={() => drawing.remove()}>
          Delete
        </button>
        <button type="button" disabled={sealed || !drawing.changed.value} onClick={() => drawing.undo()}>
          Undo
        </button>
      </div>
      <p role="status">{drawing.said.value}</p>
      <p class="hint">
        Drag on the picture to draw a box. Click one to select it, once more for the one around it; drag it,
        or its corners.
      </p>
      <p class="hint keys">
        Tab goes from box to box. Arrows move it by a pixel, with Shift they resize it; a digit sets its
        class, Delete takes it away, Ctrl+Z goes back.
      </p>
    </div>
  );
}
