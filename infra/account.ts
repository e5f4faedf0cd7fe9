// Where the app is deployed. `partition` is "aws", "aws-cn" in China or "aws-us-gov" in GovCloud.
export const { region } = aws.getRegionOutput();
export const account = aws.getCallerIdentityOutput().accountId;
export const { partition } = aws.getPartitionOutput();

export const arnOf = (service: string, resource: $util.Input<string>) =>
  $interpolate`arn:${partition}:${service}:${region}:${account}:${resource}`;
