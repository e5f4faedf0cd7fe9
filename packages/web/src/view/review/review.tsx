// Predictions that wait for a person, one after the other: look, say, next.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useEffect, useMemo, useState } from "preact/hooks";
import { api, blob, body } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { type Model, useModels } from "../../api/models.ts";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { useRemote } from "../../api/remote.ts";
import { useKeys } from "../../component/keys.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, ErrorNote, Loading } from "../../component/note.tsx";
import { fileName } from "../../format/file.ts";
import { many } from "../../format/number.ts";
import { place, to, withQuery } from "../../route/route.ts";
import { verdictOf } from "../predictions/finding.ts";
import { Found } from "../prediction/found.tsx";
import { Input } from "../prediction/input.tsx";
import { Asked } from "./asked.tsx";
import { drawingOf } from "./drawings.ts";
import { Ended } from "./ended.tsx";
import { Queue } from "./queue.ts";
import { saidOf, settle, Verdict, type Wish } from "./verdict.tsx";
import { Waiting } from "./waiting.tsx";

export function ReviewView() {
  const model = place.value.query.get("model") ?? undefined;
  return <Of key={model} model={model} />;
}

function Of({ model }: { model: string | undefined }) {
  const queue = useMemo(
    () =>
      new Queue(model, (cursor) =>
        body(api().reviews.$get({ query: { ...(model && { model }), ...(cursor && { cursor }) } })),
      ),
    [model],
  );
  useEffect(() => {
    void queue.more();
    return onLive<Prediction>("prediction", (changed) => queue.apply(changed));
  }, [queue]);
  const { data: models } = useModels();
  const [chosen, choose] = useState<Prediction>();
  const [done, setDone] = useState<Prediction[]>([]);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError>();

  const items = queue.items.value;
  // What is looked at stays, whatever comes in or is settled elsewhere: a key must never mean another one.
  const current = chosen ?? items[0];
  useEffect(() => choose((now) => now ?? current), [current]);
  const at = items.findIndex(({ id }) => id === current?.id);
  const next = items[at + 1] ?? items[at - 1];
  const step = (by: number) => {
    const other = items[at + by];
    if (other) choose(other);
    return other !== undefined;
  };
  useKeys((key) => {
    if (key === "j" || key === "ArrowDown") return step(1);
    if (key === "k" || key === "ArrowUp") return step(-1);
    return false;
  });

  const say = (wish: Wish) => {
    if (!current) return;
    const { id } = current;
    const goOn = () => {
      choose((now) => (now?.id === id ? next : now));
      queue.take(id);
    };
    setError(undefined);
    // What was drawn stays in sight until it is safe; what a key says is said again as quickly.
    const drawn = "boxes" in wish;
    if (drawn) setSaving(true);
    else goOn();
    settle(id, wish)
      .finally(() => setSaving(false))
      .then(
        ({ prediction }) => {
          setDone((all) => [prediction, ...all]);
          if (drawn) goOn();
        },
        (thrown: unknown) => {
          const problem = asApiError(thrown);
          setError(problem);
          // Somebody else was quicker: there is nothing left to say here.
          if (problem.code !== "REVIEW_OVER" && !drawn) queue.back(current);
        },
      );
  };

  return (
    <article class="one">
      <header class="title">
        <h1>Review</h1>
        <div class="pair">
          <ModelFilter />
          <span class="faint" role="status">
            {count(items.length, queue.ended.value)}
            {done[0] && (
              <>
                {" "}
                · {many(done.length, "verdict")} given, last{" "}
                <a href={to("prediction", done[0].id)}>{fileName(done[0].source.key)}</a>: {saidOf(done[0])}
              </>
            )}
          </span>
        </div>
      </header>
      <p class="hint keys">A digit for the class, a to agree, x to dismiss, j and k to walk.</p>
      {error && <ErrorNote error={error} />}
      {queue.error.value && <ErrorNote error={queue.error.value} retry={() => void queue.more()} />}
      {current ? (
        <div class="review">
          <Waiting items={items} current={current} choose={choose} />
          <Current
            prediction={current}
            next={next}
            model={models?.find(({ name }) => name === current.model)}
            say={say}
            saving={saving}
          />
        </div>
      ) : queue.loading.value ? (
        <Loading what="what waits for review" />
      ) : (
        !queue.error.value && <Nothing model={model} settled={done.length > 0} />
      )}
    </article>
  );
}

const count = (open: number, all: boolean) => (open === 0 ? "" : `${open}${all ? "" : "+"} open`);

interface CurrentProps {
  prediction: Prediction;
  next: Prediction | undefined;
  model: Model | undefined;
  say: (wish: Wish) => void;
  saving: boolean;
}

function Current({ prediction, next, model, say, saving }: CurrentProps) {
  const { id, source } = prediction;
  const { data: result, error } = useRemote(`result ${id}`, () =>
    body(api().predictions[":id"].result.$get({ param: { id } })),
  );
  const drawing = drawingOf(prediction, result, model);
  const [ended, setEnded] = useState<Prediction>();
  useEffect(
    () => onLive<Prediction>("prediction", (changed) => void (changed.id === id && setEnded(changed))),
    [id],
  );
  const following = next?.id;
  // The browser keeps it, so that the next one is there at once.
  useEffect(() => {
    if (following) void blob(`/predictions/${encodeURIComponent(following)}/image`).catch(() => {});
  }, [following]);
  return (
    <section class="current" aria-label="The one to look at">
      <header>
        <h2>
          <a href={to("prediction", id)}>{fileName(source.key)}</a>
        </h2>
        <p>
          <strong>{verdictOf(prediction)}</strong> <Asked prediction={prediction} />
        </p>
      </header>
      {ended?.id === id && !saving && <Ended prediction={ended} />}
      {model && (
        <Verdict
          prediction={prediction}
          model={model}
          result={result}
          drawing={drawing}
          say={say}
          disabled={saving}
        />
      )}
      {error && <ErrorNote error={error} />}
      <div class="halves">
        <Input prediction={prediction} result={result} drawing={drawing} />
        {result && <Found result={result} model={model} />}
      </div>
    </section>
  );
}

function Nothing({ model, settled }: { model: string | undefined; settled: boolean }) {
  return (
    <Empty
      title={settled ? "That was all" : "Nothing waits for review"}
      {...(settled && { command: `npx sluice train ${model ?? "<model>"}` })}
    >
      {settled
        ? "Every verdict is a label now, and counts for the next training. "
        : "What the gate holds back comes here by itself; any other prediction is sent here from its own page. "}
      <a href={withQuery(to(), { model })}>To the predictions</a>
    </Empty>
  );
}
