import type { Model } from "../../api/models.ts";
import { Properties, Panel } from "../../component/panel.tsx";
import { formatBytes, formatCount, formatPercent } from "../../format/number.ts";

export function Declaration({ model }: { model: Model }) {
  const { name, task, classes, accepts, gate, target } = model;
  return (
    <Panel title="Declaration" aside={<code>packages/models/src/{name}.ts</code>}>
      <Properties
        of={[
          ["Task", task],
          ["Classes", classes.join(", ")],
          ["Accepts", accepts.types.join(", ")],
          ["Limits", `${formatBytes(accepts.maxBytes)}, ${formatCount(accepts.maxPixels)} pixels`],
          ["Key prefixes", accepts.prefixes.map((prefix) => <code key={prefix}>{prefix}</code>)],
          ["Threshold", formatPercent(gate.threshold)],
          [
            "Threshold per class",
            Object.entries(gate.perClass)
              .map(([of, share]) => `${of} ${formatPercent(share)}`)
              .join(", "),
          ],
          ["Target", target],
        ]}
      />
    </Panel>
  );
}
