// The app's own events: prediction.completed, endpoint.changed and so on. AWS's events stay on the default bus.
export const bus = new sst.aws.Bus("Domain");

export const busLink = new sst.Linkable("Bus", { properties: { name: bus.name } });

export const publish = { actions: ["events:PutEvents"], resources: [bus.arn] };
