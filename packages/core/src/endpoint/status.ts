import { endpointStatuses, type EndpointStatus } from "./endpoint.ts";

const plain = (text: string) => text.replace(/[^a-z]/gi, "").toLowerCase();
const byPlain = new Map(endpointStatuses.map((status) => [plain(status), status]));

/** Events say IN_SERVICE, the API says InService; both mean one. */
export function normalise(status: string): EndpointStatus | undefined {
  return byPlain.get(plain(status));
}

/** Which of two states is the later one when SageMaker gives both the same time. */
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
