import { endpointStatuses, type EndpointStatus } from "./endpoint.ts";

const plain = (text: string) => text.replace(/[^a-z]/gi, "").toLowerCase();
const byPlain = new Map(endpointStatuses.map((status) => [plain(status), status]));

/** Events use IN_SERVICE, the API uses InService. */
export function parseEndpointStatus(status: string): EndpointStatus | undefined {
  return byPlain.get(plain(status));
}

/** Orders statuses that SageMaker reports with the same time. */
export const rank: Record<EndpointStatus, number> = {
  Creating: 1,
  Updating: 1,
  SystemUpdating: 1,
  RollingBack: 2,
  OutOfService: 3,
  InService: 3,
  UpdateRollbackFailed: 4,
  Failed: 4,
  Deleting: 5,
  Deleted: 6,
};
