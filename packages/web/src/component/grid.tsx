// A table of a few dozen rows; it scrolls sideways by itself where it is too wide. Example: view/models/models.tsx.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Right-aligned, digits of one width. */
  number?: boolean;
  /** May break its lines. */
  wide?: boolean;
}

interface GridProps<T> {
  label: string;
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** The first names the row. */
  columns: Column<T>[];
}

export function Grid<T>({ label, rows, rowKey, columns }: GridProps<T>) {
  const kind = ({ number, wide }: Column<T>) => (number ? "number" : wide ? "wide" : "");
  const [first, ...others] = columns;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="grid">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={kind(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              <th scope="row" class={kind(first!)}>
                {first!.cell(row)}
              </th>
              {others.map((column) => (
                <td key={column.title} class={kind(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
