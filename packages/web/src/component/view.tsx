// The frame of a view: links to its parents, a title, and what is beside it.
import type { ComponentChildren } from "preact";

interface ViewProps {
  title: ComponentChildren;
  /** Links to the parent views. */
  parents?: Array<[name: string, address: string]>;
  /** Below the title: status, filters, buttons. */
  header?: ComponentChildren;
  children: ComponentChildren;
}

export function View({ title, parents = [], header, children }: ViewProps) {
  return (
    <article class="view">
      <header class="title">
        {parents.length > 0 && (
          <p class="crumbs">
            {parents.map(([name, address], index) => (
              <>
                {index > 0 && " / "}
                <a href={address}>{name}</a>
              </>
            ))}
          </p>
        )}
        <h1>{title}</h1>
        {header}
      </header>
      {children}
    </article>
  );
}
