// The operations on rules and their targets.
import { AwsError } from "../../kernel/error.ts";
import { type Buses, tagMap } from "./buses.ts";
import { checkPattern, checkSchedule } from "./check.ts";
import { validation } from "./error.ts";
import { MAX_TARGETS_PER_RULE } from "./limits.ts";
import { listPage } from "./page.ts";
import type { RuleRow, Rules } from "./rules.ts";
import { checkTarget } from "./target.ts";

type Input = Record<string, any>;
const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

export function ruleOperations(
  buses: Buses,
  rules: Rules,
  write: (work: (input: Input) => unknown) => (input: Input) => unknown,
) {
  const busOf = ({ EventBusName }: Input) => buses.get(buses.nameOf(EventBusName)).name;
  const ruleOf = (input: Input) => rules.get(busOf(input), String(input.Name ?? input.Rule));
  const shape = (rule: RuleRow) => ({
    Name: rule.name,
    Arn: rules.arn(rule.bus, rule.name),
    EventPattern: rule.pattern ?? undefined,
    ScheduleExpression: rule.schedule ?? undefined,
    State: rule.state,
    Description: rule.description ?? undefined,
    RoleArn: rule.role ?? undefined,
    EventBusName: rule.bus,
  });

  return {
    PutRule: write((input) => {
      const { Name, EventPattern, ScheduleExpression, State, Description, RoleArn, Tags } = input;
      const bus = busOf(input);
      if (typeof Name !== "string" || !/^[\w.-]{1,64}$/.test(Name))
        throw validation(`Rule name '${String(Name)}' is not valid.`);
      if (!EventPattern && !ScheduleExpression)
        throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
      if (State && !STATES.includes(State)) throw validation(`State must be one of ${STATES.join(", ")}.`);
      if (EventPattern) checkPattern(EventPattern);
      if (ScheduleExpression) checkSchedule(ScheduleExpression);
      if (ScheduleExpression && bus !== "default")
        throw validation("ScheduleExpression is supported only on the default event bus.");
      rules.put({
        bus,
        name: Name,
        pattern: EventPattern,
        schedule: ScheduleExpression,
        state: State,
        description: Description,
        role: RoleArn,
        tags: Tags && tagMap(Tags),
        origin: rules.find(bus, Name)?.origin ?? "api",
      });
      return { RuleArn: rules.arn(bus, Name) };
    }),
    DescribeRule: (input: Input) => shape(ruleOf(input)),
    DeleteRule: write((input) => rules.remove(busOf(input), String(input.Name))),
    EnableRule: write((input) => rules.setState(ruleOf(input), "ENABLED")),
    DisableRule: write((input) => rules.setState(ruleOf(input), "DISABLED")),
    ListRules: (input: Input) =>
      listPage(
        "Rules",
        rules
          .list(busOf(input))
          .filter((rule) => rule.name.startsWith(input.NamePrefix ?? ""))
          .map(shape),
        input,
      ),
    ListRuleNamesByTarget: (input: Input) =>
      listPage("RuleNames", rules.namesByTarget(busOf(input), String(input.TargetArn)), input),

    PutTargets: write((input) => {
      const rule = ruleOf(input);
      const given = (input.Targets ?? []) as Input[];
      if (given.length === 0) throw validation("Targets must have at least 1 member.");
      for (const target of given) checkTarget(target);
      const ids = new Set([...rules.targets(rule.bus, rule.name), ...given].map((target) => target.Id));
      if (ids.size > MAX_TARGETS_PER_RULE)
        throw new AwsError(
          "LimitExceededException",
          `The requested resource exceeds the maximum number allowed: ${MAX_TARGETS_PER_RULE} targets on a rule.`,
        );
      for (const target of given) {
        checkTarget(target);
        rules.putTarget(rule, target);
      }
      return { FailedEntryCount: 0, FailedEntries: [] };
    }),
    RemoveTargets: write((input) => {
      const rule = ruleOf(input);
      const missing = ((input.Ids ?? []) as string[]).filter((id) => rules.removeTarget(rule, id) === 0);
      return {
        FailedEntryCount: missing.length,
        FailedEntries: missing.map((TargetId) => ({
          TargetId,
          ErrorCode: "ResourceNotFoundException",
          ErrorMessage: `Rule ${rule.name} does not have a target ${TargetId}.`,
        })),
      };
    }),
    ListTargetsByRule: (input: Input) => {
      const rule = ruleOf(input);
      return listPage("Targets", rules.targets(rule.bus, rule.name), input);
    },
  };
}
