// Reviews predictions one after the other.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { ReviewItem } from "@sluice/core/review/list.ts";
import { useEffect, useMemo, useState } from "preact/hooks";
import { api, readBlob, readBody } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { type Model, useModels } from "../../api/models.ts";
import { type ApiError, toApiError } from "../../api/problem.ts";
import { useResource } from "../../api/resource.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, ErrorNote, Loading } from "../../component/notes.tsx";
import { InputPanel } from "../../component/prediction/input.tsx";
import { ResultPanel } from "../../component/prediction/result.tsx";
import { formatPrediction } from "../../component/prediction/summary.ts";
import { useShortcuts } from "../../component/shortcuts.ts";
import { View } from "../../component/view.tsx";
import { fileName } from "../../format/file.ts";
import { formatPlural } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { queryOf } from "../../route/route.ts";
import { openDrawing } from "./drawings.ts";
import { ReviewOutcome } from "./outcome.tsx";
import { Queue } from "./queue.ts";
import { QueueList } from "./queue-list.tsx";
import { ReviewReason } from "./reason.tsx";
import { OrderSwitch } from "./order.tsx";
import { Similar } from "./similar.tsx";
import { describeReview, saveSimilar, saveVerdict, Verdict, type VerdictRequest } from "./verdict.tsx";

export function ReviewView() {
  const { model, order } = queryOf("model", "order");
  const byInformation = order === "information";
  return <ReviewQueue key={`${model} ${order}`} model={model} byInformation={byInformation} />;
}

function ReviewQueue({ model, byInformation }: { model: string | undefined; byInformation: boolean }) {
  const queue = useMemo(
    () =>
      new Queue(model, (cursor) =>
        readBody(
          api().reviews.$get({
            query: {
              ...(model && { model }),
              ...(byInformation && { order: "information" as const }),
              ...(cursor && { cursor }),
            },
          }),
        ),
      ),
    [model, byInformation],
  );
  useEffect(() => {
    void queue.loadMore();
    return onLive<Prediction>("prediction", (changed) => queue.update(changed));
  }, [queue]);
  const { data: models } = useModels();
  const [chosen, choose] = useState<ReviewItem>();
  const [done, setDone] = useState<Prediction[]>([]);
  const [saving, setSaving] = useState(false);
  const [withSimilar, setWithSimilar] = useState(false);
  const [error, setError] = useState<ApiError>();

  const items = queue.items.value;
  // Live updates must not replace the shown prediction, because a key would then affect another one.
  const current = chosen ?? items[0];
  useEffect(() => choose((old) => old ?? current), [current]);
  const at = items.findIndex(({ id }) => id === current?.id);
  const next = items[at + 1] ?? items[at - 1];
  const step = (by: number) => {
    const other = items[at + by];
    if (other) choose(other);
    return other !== undefined;
  };
  useShortcuts((key) => {
    if (key === "j" || key === "ArrowDown") return step(1);
    if (key === "k" || key === "ArrowUp") return step(-1);
    return false;
  });

  const submit = (verdict: VerdictRequest) => {
    if (!current) return;
    const { id } = current;
    // Boxes of one image do not fit another.
    const similar = withSimilar && !("boxes" in verdict) ? (current.similar ?? []) : [];
    const showNext = () => {
      choose((old) => (old?.id === id ? next : old));
      queue.remove(id);
      setWithSimilar(false);
    };
    setError(undefined);
    // Boxes stay visible until they are saved. Other verdicts are easy to repeat.
    const hasBoxes = "boxes" in verdict;
    if (hasBoxes) setSaving(true);
    else showNext();
    saveVerdict(id, verdict)
      .then((saved) => (similar.length === 0 ? saved : saveSimilar(similar, verdict).then(() => saved)))
      .finally(() => setSaving(false))
      .then(
        ({ prediction }) => {
          setDone((all) => [prediction, ...all]);
          if (hasBoxes) showNext();
        },
        (thrown: unknown) => {
          const problem = toApiError(thrown);
          setError(problem);
          // REVIEW_CLOSED: somebody else has closed the review.
          if (problem.code !== "REVIEW_CLOSED" && !hasBoxes) queue.restore(current);
        },
      );
  };

  return (
    <View
      title="Review"
      header={
        <div class="pair">
          <ModelFilter />
          <OrderSwitch byInformation={byInformation} />
          <span class="faint" role="status">
            {openCount(items.length, queue.ended.value)}
            {done[0] && (
              <>
                {" "}
                · {formatPlural(done.length, "review")} closed, last{" "}
                <a href={pathTo("prediction", done[0].id)}>{fileName(done[0].source.key)}</a>:{" "}
                {describeReview(done[0])}
              </>
            )}
          </span>
        </div>
      }
    >
      <p class="hint keys">Digit: set the class. a: agree. x: dismiss. j, k: next, previous.</p>
      {error && <ErrorNote error={error} />}
      {queue.error.value && <ErrorNote error={queue.error.value} retry={() => void queue.loadMore()} />}
      {current ? (
        <div class="review">
          <QueueList items={items} current={current} choose={choose} />
          <Similar item={current} applied={withSimilar} apply={setWithSimilar} />
          <CurrentReview
            prediction={current}
            next={next}
            model={models?.find(({ name }) => name === current.model)}
            submit={submit}
            saving={saving}
          />
        </div>
      ) : queue.loading.value ? (
        <Loading what="open reviews" />
      ) : (
        !queue.error.value && <EmptyQueue model={model} done={done.length > 0} />
      )}
    </View>
  );
}

const openCount = (open: number, all: boolean) => (open === 0 ? "" : `${open}${all ? "" : "+"} open`);

interface CurrentReviewProps {
  prediction: Prediction;
  next: Prediction | undefined;
  model: Model | undefined;
  submit: (verdict: VerdictRequest) => void;
  saving: boolean;
}

function CurrentReview({ prediction, next, model, submit, saving }: CurrentReviewProps) {
  const { id, source } = prediction;
  const { data: result, error } = useResource(`result ${id}`, () =>
    readBody(api().predictions[":id"].result.$get({ param: { id } })),
  );
  const drawing = openDrawing(prediction, result, model);
  const [closed, setClosed] = useState<Prediction>();
  useEffect(
    () => onLive<Prediction>("prediction", (changed) => void (changed.id === id && setClosed(changed))),
    [id],
  );
  const nextId = next?.id;
  // Loads the next image into the browser cache.
  useEffect(() => {
    if (nextId) void readBlob(`/predictions/${encodeURIComponent(nextId)}/image`).catch(() => {});
  }, [nextId]);
  return (
    <section class="current" aria-label="Current review">
      <header>
        <h2>
          <a href={pathTo("prediction", id)}>{fileName(source.key)}</a>
        </h2>
        <p>
          <strong>{formatPrediction(prediction)}</strong> <ReviewReason prediction={prediction} />
        </p>
      </header>
      {closed?.id === id && !saving && <ReviewOutcome prediction={closed} />}
      {model && (
        <Verdict
          prediction={prediction}
          model={model}
          result={result}
          drawing={drawing}
          submit={submit}
          disabled={saving}
        />
      )}
      {error && <ErrorNote error={error} />}
      <div class="halves">
        <InputPanel prediction={prediction} result={result} model={model} drawing={drawing} />
        {result && <ResultPanel result={result} model={model} />}
      </div>
    </section>
  );
}

function EmptyQueue({ model, done }: { model: string | undefined; done: boolean }) {
  return (
    <Empty
      title={done ? "All reviews are closed" : "No open reviews"}
      {...(done && { command: `npx sluice train ${model ?? "<model>"}` })}
    >
      {done
        ? "The results are labels now, and the next training uses them. "
        : "Predictions below threshold are added automatically. Any other prediction can be added on its page. "}
      <a href={withQuery(pathTo(), { model })}>Show predictions</a>
    </Empty>
  );
}
