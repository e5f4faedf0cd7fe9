import * as z from "zod";

export const endpointStatuses = [
  "OutOfService",
  "Creating",
  "Updating",
  "SystemUpdating",
  "RollingBack",
  "InService",
  "Deleting",
  "Deleted",
  "Failed",
  "UpdateRollbackFailed",
] as const;
/** SageMaker's statuses in the API's casing, and `Deleted`. */
export const EndpointStatus = z.enum(endpointStatuses);
export type EndpointStatus = z.output<typeof EndpointStatus>;

export const Endpoint = z.object({
  name: z.string(),
  model: z.string(),
  status: EndpointStatus,
  config: z.string().optional(),
  target: z.enum(["serverless", "realtime", "async"]),
  /** Also set in service, after an update failed and was rolled back. */
  failureReason: z.string().optional(),
  rolledBack: z.boolean().optional(),
  /** SageMaker's last-modified time (epoch ms): an older one never overwrites a newer. */
  sourceModifiedAt: z.number(),
  createdAt: z.string().optional(),
  changedAt: z.string(),
});
export type Endpoint = z.output<typeof Endpoint>;
