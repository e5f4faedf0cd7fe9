// The permissions functions share, each as narrow as AWS lets it be.
import { candidateName, endpointName, endpointPrefix, targets } from "@sluice/models/names.ts";
import { place } from "./stage.ts";
import { table } from "./table.ts";

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;
const sagemaker = $interpolate`arn:aws:sagemaker:${region}:${account}`;

/** A model's endpoints, whichever way it is hosted, and those its next versions are tried on. */
export const endpointNames = (model: string) =>
  targets.flatMap((target) => [endpointName(place, model, target), candidateName(place, model, target)]);

/** SageMaker writes names in ARNs in lower case. */
export const endpointArns = (model: string) =>
  endpointNames(model).map((name) => $interpolate`${sagemaker}:endpoint/${name.toLowerCase()}`);

type Kind = "model" | "endpoint-config" | "training-job" | "processing-job";

/** All of a kind that this app and stage make; their names end in what nobody knows yet. */
export const arnsOf = (...kinds: Kind[]) =>
  kinds.map((kind) => $interpolate`${sagemaker}:${kind}/${endpointPrefix(place).toLowerCase()}*`);

/** Every rule of this account, on whichever bus. */
export const anyRule = $interpolate`arn:aws:events:${region}:${account}:rule/*`;

type Index = "gsi1" | "gsi2" | "gsi3";

/** On the table. Transactions need no action of their own: each of their items is checked as if it came alone. */
export const records = {
  get: { actions: ["dynamodb:GetItem"], resources: [table.arn] },
  put: { actions: ["dynamodb:PutItem"], resources: [table.arn] },
  update: { actions: ["dynamodb:UpdateItem"], resources: [table.arn] },
  query: { actions: ["dynamodb:Query"], resources: [table.arn] },
  queryIndex: (...indexes: Index[]) => ({
    actions: ["dynamodb:Query"],
    resources: indexes.map((index) => $interpolate`${table.arn}/index/${index}`),
  }),
};
