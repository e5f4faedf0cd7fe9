// Which version answered, and what it came from.
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Facts, Panel } from "../../component/panel.tsx";
import { Time } from "../../component/time.tsx";
import { to } from "../../route/route.ts";

export function Lineage({ model, version }: { model: string; version: string }) {
  const { data } = useRemote(`version ${model} ${version}`, () =>
    body(api().versions[":model"][":version"].$get({ param: { model, version } })),
  );
  const link = (
    <a href={to("version", model, version)}>
      <code>{version}</code>
    </a>
  );
  return (
    <Panel title="Model version">
      <Facts
        of={[
          // One that was put behind the endpoint by other hands has no record.
          ["Version", data ? link : <code>{version}</code>],
          ["Made", data && <Time at={data.createdAt} />],
          ["By", data?.run ? <a href={to("run", data.run)}>{data.run}</a> : data?.source],
          ["From", data?.dataset && <a href={to("dataset", data.dataset)}>{data.dataset}</a>],
        ]}
      />
    </Panel>
  );
}
