// Topics that a person or a system subscribes to, such as an e-mail address.
import { account } from "./account.ts";
import { alertEmail } from "./settings.ts";
import { ownName } from "./stage.ts";

/** Alarms of CloudWatch and of the budget. */
export const alarms = new aws.sns.Topic("Alarms", { name: ownName("Alarms") });
new aws.sns.TopicPolicy("AlarmsPolicy", {
  arn: alarms.arn,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sns:Publish"],
        resources: [alarms.arn],
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
      },
    ],
  }).json,
});
if (alertEmail)
  new aws.sns.TopicSubscription("AlarmsEmail", {
    topic: alarms.arn,
    protocol: "email",
    endpoint: alertEmail,
  });

/** Alerts of models, for rules with the channel `sns`. */
export const alerts = new aws.sns.Topic("Alerts", { name: ownName("Alerts") });

export const alarmsLink = new sst.Linkable("Alarms", { properties: { arn: alarms.arn } });
export const alertsLink = new sst.Linkable("Alerts", { properties: { arn: alerts.arn } });

export const publishAlerts = { actions: ["sns:Publish"], resources: [alerts.arn] };
