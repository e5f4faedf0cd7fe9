import type { Model } from "../../api/models.ts";
import { Facts, Panel } from "../../component/panel.tsx";
import { bytes, count, percent } from "../../format/number.ts";

export function Declaration({ model }: { model: Model }) {
  const { name, task, classes, accepts, gate, target } = model;
  return (
    <Panel title="Declaration" aside={<code>packages/models/src/{name}.ts</code>}>
      <Facts
        of={[
          ["Task", task],
          ["Classes", classes.join(", ")],
          ["Accepts", accepts.types.join(", ")],
          ["Up to", `${bytes(accepts.maxBytes)}, ${count(accepts.maxPixels)} pixels`],
          ["Uploads under", accepts.prefixes.map((prefix) => <code key={prefix}>{prefix}</code>)],
          ["Threshold", percent(gate.threshold)],
          [
            "For a class",
            Object.entries(gate.perClass)
              .map(([of, share]) => `${of} ${percent(share)}`)
              .join(", "),
          ],
          ["Hosting", target],
        ]}
      />
    </Panel>
  );
}
