import { tryPublish } from "../event/publish.ts";
import { log } from "../log.ts";
import { reviewClosed } from "./review.event.ts";

/** After the write: without the event, the reviews are closed, but open pages show them as open. */
export async function publishClosed(closed: Parameters<typeof reviewClosed>[]): Promise<void> {
  const rejected = await tryPublish(closed.map((one) => reviewClosed(...one))).catch((error: unknown) => [
    error,
  ]);
  if (rejected.length > 0)
    log().warn("Closed reviews were not published", {
      rejected: rejected.length,
      reason: String(rejected[0]),
    });
}
