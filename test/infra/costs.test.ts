import { DECLARED_ALARMS, ENDPOINT_ALARMS } from "@sluice/core/cost/estimate.ts";
import { alarmKinds } from "@sluice/core/deployment/alarms.ts";
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { expect, it } from "vitest";
import { ofType } from "./graph.ts";

it.each(models.map(({ name }) => name))("the estimate of %s counts its declared alarms", (name) => {
  const own = ofType("aws:cloudwatch/metricAlarm:MetricAlarm").filter((alarm) =>
    alarm.name.startsWith(pascal(name)),
  );
  expect(own).toHaveLength(DECLARED_ALARMS);
});

it("the estimate counts the alarms of an endpoint", () => {
  expect(alarmKinds).toHaveLength(ENDPOINT_ALARMS);
});
