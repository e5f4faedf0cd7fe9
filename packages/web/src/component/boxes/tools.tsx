// Buttons of the box editor, the last change as text, and instructions.
import { Select } from "../select.tsx";
import { DIGITS } from "../shortcuts.ts";
import type { Drawing } from "./drawing.ts";

export function BoxTools({ drawing }: { drawing: Drawing }) {
  const { classes } = drawing;
  const none = drawing.selected.value === undefined;
  const locked = drawing.locked.value;
  return (
    <div class="box-tools">
      <div class="pair" role="group" aria-label="Boxes">
        <Select
          label={none ? "Class of the next box" : "Class of the box"}
          value={drawing.class.value}
          disabled={locked}
          options={classes}
          textOf={(name, index) => (DIGITS[index] ? `${DIGITS[index]} ${name}` : name)}
          change={(name) => drawing.setClass(name)}
        />
        <button type="button" disabled={locked} onClick={() => drawing.add()}>
          Add box
        </button>
        <button type="button" disabled={locked || none} onClick={() => drawing.remove()}>
          Delete
        </button>
        <button type="button" disabled={locked || !drawing.changed.value} onClick={() => drawing.undo()}>
          Undo
        </button>
      </div>
      <p role="status">{drawing.message.value}</p>
      <p class="hint">
        Drag on the image to draw a box. Click a box to select it, and again to select the box around it. Drag
        a selected box to move it, or its handles to resize it.
      </p>
      <p class="hint keys">
        Tab: next box. Arrow keys: move by one pixel, with Shift: resize. Digit: set the class. Delete:
        delete. Ctrl+Z: undo. Plus, minus and f: zoom.
      </p>
    </div>
  );
}
