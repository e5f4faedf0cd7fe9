// A status as a colored dot and a word, because color alone is not accessible.
const KIND: Record<string, "good" | "warn" | "bad" | "busy" | "idle"> = {
  completed: "good",
  rejected: "warn",
  failed: "bad",
  processing: "busy",
  pending: "idle",
  ready: "good",
  preparing: "busy",
  accepted: "good",
  refused: "warn",
  evaluating: "busy",
  InService: "good",
  Creating: "busy",
  Updating: "busy",
  SystemUpdating: "busy",
  RollingBack: "warn",
  UpdateRollbackFailed: "bad",
  OutOfService: "idle",
  Failed: "bad",
  Deleting: "idle",
  Deleted: "idle",
  NotProvisioned: "idle",
  Completed: "good",
  InProgress: "busy",
  Preparing: "busy",
  Stopping: "busy",
  Stopped: "idle",
  live: "good",
  done: "good",
  sending: "busy",
  started: "busy",
  running: "busy",
  waiting: "idle",
  ok: "good",
  same: "good",
  drift: "warn",
  changed: "warn",
  insufficient: "idle",
  shift: "good",
  keep: "warn",
  wait: "idle",
};

/** "InService" -> "in service" */
const formatStatus = (status: string) => status.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

export function Status({ of: status, title }: { of: string; title?: string | undefined }) {
  return (
    <span class={`status ${KIND[status] ?? "idle"}`} title={title}>
      {formatStatus(status)}
    </span>
  );
}
