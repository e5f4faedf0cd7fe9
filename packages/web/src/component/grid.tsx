// A table for a few dozen rows, which scrolls sideways if it is too wide. Example: view/model/models.tsx.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Right-aligned, with tabular digits. */
  number?: boolean;
  /** Lines may wrap. */
  wide?: boolean;
}

interface GridProps<T> {
  label: string;
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** The first column is the row header. */
  columns: Column<T>[];
}

export function Grid<T>({ label, rows, rowKey, columns }: GridProps<T>) {
  const classOf = ({ number, wide }: Column<T>) => (number ? "number" : wide ? "wide" : "");
  const [first, ...others] = columns;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="grid">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              <th scope="row" class={classOf(first!)}>
                {first!.cell(row)}
              </th>
              {others.map((column) => (
                <td key={column.title} class={classOf(column)}>
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
