// Files on their way, until they are put away.
import { ErrorNote } from "../../component/note.tsx";
import { Status } from "../../component/status.tsx";
import { VirtualList } from "../../component/virtual-list.tsx";
import { bytes, many, percent } from "../../format/number.ts";
import { to } from "../../route/route.ts";
import { verdictOf } from "./finding.ts";
import { again, clearDone, uploads, type Upload } from "./uploads.ts";

const ROW = 30;
const MOST_ROWS = 6;

export function UploadTray() {
  const all = uploads.value;
  if (all.length === 0) return null;
  const refused = all.filter(({ state }) => state === "refused");
  const underway = all.filter(({ state }) => state === "waiting" || state === "sending");
  // One of a kind: a hundred files of the wrong type are one mistake.
  const reasons = new Map(refused.flatMap(({ error }) => (error ? [[error.code, error]] : [])));
  // What a person has to do something about comes first, then what moves.
  const ordered = [...refused, ...underway, ...all.filter(({ state }) => state === "sent").toReversed()];
  const done = all.length - underway.length;
  return (
    <section class="tray" aria-label="Uploads">
      <header>
        <h2>
          {underway.length > 0
            ? `${done} of ${many(all.length, "file")} sent`
            : `${many(all.length - refused.length, "file")} sent`}
          {refused.length > 0 && <span class="bad">, {refused.length} refused</span>}
        </h2>
        <button type="button" class="quiet" onClick={clearDone} disabled={done === 0}>
          Put away
        </button>
      </header>
      <div style={{ height: `${Math.min(ordered.length, MOST_ROWS) * ROW}px` }}>
        <VirtualList
          count={ordered.length}
          rowHeight={ROW}
          label="Files"
          row={(index) => <Row key={ordered[index]!.id} upload={ordered[index]!} />}
        />
      </div>
      {[...reasons.values()].map((error) => (
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
      <span class="number faint">{bytes(file.size)}</span>
      {state === "sending" && (
        <progress value={progress} aria-label={`Sending ${file.name}`}>
          {percent(progress, 0)}
        </progress>
      )}
      {state === "waiting" && <Status of="waiting" />}
      {state === "refused" && (
        <span>
          <Status of="refused" title={error?.message} />{" "}
          <button type="button" class="quiet" onClick={() => again(upload)}>
            Again
          </button>
        </span>
      )}
      {state === "sent" && <Status of={prediction?.status ?? "pending"} />}
      {prediction ? (
        <a href={to("prediction", prediction.id)}>{verdictOf(prediction) || "open"}</a>
      ) : (
        <span class="faint">{error?.code}</span>
      )}
    </div>
  );
}
