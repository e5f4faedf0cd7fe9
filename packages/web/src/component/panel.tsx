// Parts of a detail view: titled sections, and properties in two columns.
import type { ComponentChildren } from "preact";

interface PanelProps {
  title: string;
  /** Beside the title: counts, buttons. */
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

export function Panel({ title, aside, class: name = "", children }: PanelProps) {
  return (
    <section class={`panel ${name}`}>
      <header>
        <h2>{title}</h2>
        {aside && <div class="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Leaves out values that are undefined, false or empty. */
export function Properties({ of: properties }: { of: Array<[name: string, value: ComponentChildren]> }) {
  return (
    <dl class="properties">
      {properties
        .filter(([, value]) => value !== undefined && value !== false && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
