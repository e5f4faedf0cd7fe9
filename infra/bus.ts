// The app's own events, such as prediction.completed. AWS's events are on the default bus.
export const bus = new sst.aws.Bus("Domain");

export const busLink = new sst.Linkable("Bus", { properties: { name: bus.name } });

export const publish = { actions: ["events:PutEvents"], resources: [bus.arn] };
