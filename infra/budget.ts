// A monthly budget of the whole account. A filter by tag would count nothing until its owner has activated the tag for
// cost allocation, and would then never notify.
import { monthlyBudget } from "./settings.ts";
import { ownName } from "./stage.ts";
import { alarms } from "./topics.ts";

const notify = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  comparisonOperator: "GREATER_THAN",
  subscriberSnsTopicArns: [alarms.arn],
});

if (monthlyBudget > 0)
  new aws.budgets.Budget("MonthlyBudget", {
    name: ownName("MonthlyBudget"),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(monthlyBudget),
    limitUnit: "USD",
    notifications: [notify("ACTUAL", 80), notify("FORECASTED", 100)],
  });
