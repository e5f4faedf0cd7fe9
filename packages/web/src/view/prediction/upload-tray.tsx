// The uploads of this tab, until they are cleared.
import { ErrorNote } from "../../component/notes.tsx";
import { Status } from "../../component/status.tsx";
import { VirtualList } from "../../component/virtual-list.tsx";
import { formatBytes, formatPlural, formatPercent } from "../../format/number.ts";
import { pathTo } from "../../route/path.ts";
import { formatPrediction } from "../../component/prediction/summary.ts";
import { clearDone, retry, uploads, type Upload } from "./uploads.ts";

const ROW = 30;
const MAX_ROWS = 6;

export function UploadTray() {
  const all = uploads.value;
  if (all.length === 0) return null;
  const failed = all.filter(({ state }) => state === "failed");
  const active = all.filter(({ state }) => state === "waiting" || state === "sending");
  // One error per code: many files often have the same error.
  const errors = new Map(failed.flatMap(({ error }) => (error ? [[error.code, error]] : [])));
  // Failed uploads first, then active ones.
  const ordered = [...failed, ...active, ...all.filter(({ state }) => state === "sent").toReversed()];
  const done = all.length - active.length;
  return (
    <section class="tray" aria-label="Uploads">
      <header>
        <h2>
          {active.length > 0
            ? `${done} of ${formatPlural(all.length, "file")} uploaded`
            : `${formatPlural(all.length - failed.length, "file")} uploaded`}
          {failed.length > 0 && <span class="bad">, {failed.length} failed</span>}
        </h2>
        <button type="button" class="quiet" onClick={clearDone} disabled={done === 0}>
          Clear
        </button>
      </header>
      <div style={{ height: `${Math.min(ordered.length, MAX_ROWS) * ROW}px` }}>
        <VirtualList
          count={ordered.length}
          rowHeight={ROW}
          label="Files"
          row={(index) => <Row key={ordered[index]!.id} upload={ordered[index]!} />}
        />
      </div>
      {[...errors.values()].map((error) => (
        <ErrorNote key={error.code} error={error} />
      ))}
    </section>
  );
}

function Row({ upload }: { upload: Upload }) {
  const { file, model, state, progress, prediction, error } = upload;
  return (
    <div class="sent" role="listitem">
      <span class="name" title={file.name}>
        {file.name}
      </span>
      <span class="faint">{model}</span>
      <span class="number faint">{formatBytes(file.size)}</span>
      {state === "sending" && (
        <progress value={progress} aria-label={`Uploading ${file.name}`}>
          {formatPercent(progress, 0)}
        </progress>
      )}
      {state === "waiting" && <Status of="waiting" />}
      {state === "failed" && (
        <span>
          <Status of="failed" title={error?.message} />{" "}
          <button type="button" class="quiet" onClick={() => retry(upload)}>
            Retry
          </button>
        </span>
      )}
      {state === "sent" && <Status of={prediction?.status ?? "pending"} />}
      {prediction ? (
        <a href={pathTo("prediction", prediction.id)}>{formatPrediction(prediction) || "open"}</a>
      ) : (
        <span class="faint">{error?.code}</span>
      )}
    </div>
  );
}
