// Topics that a person or a system subscribes to, such as an e-mail address.

/** CloudWatch's alarms: dead letters, waiting messages, failing functions. */
export const alarms = new aws.sns.Topic("Alarms");

/** Alerts of models, for rules with the channel `sns`. */
export const alerts = new aws.sns.Topic("Alerts");

export const alertsLink = new sst.Linkable("Alerts", { properties: { arn: alerts.arn } });

export const publishAlerts = { actions: ["sns:Publish"], resources: [alerts.arn] };
