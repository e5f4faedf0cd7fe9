// The filters of the list. They are stored in the address.
import type { Model } from "../../api/models.ts";
import { Select } from "../../component/select.tsx";
import { changeQuery } from "../../route/route.ts";
import { toQuery, type Filters, STATUSES } from "./filters.ts";

interface FilterBarProps {
  models: Model[];
  filters: Filters;
}

const set = (changes: Partial<Record<keyof ReturnType<typeof toQuery>, string | undefined>>) =>
  changeQuery(changes);

export function FilterBar({ models, filters }: FilterBarProps) {
  const selected = filters.model === undefined ? models : models.filter(({ name }) => name === filters.model);
  const classes = [...new Set(selected.flatMap((model) => model.classes))];
  const active = Object.keys(filters).length > 0;
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="chips">
        <legend class="hidden">Status</legend>
        <Chip name="any" chosen={filters.status === undefined} choose={() => set({ status: undefined })} />
        {STATUSES.map((status) => (
          <Chip
            key={status}
            name={status}
            chosen={filters.status === status}
            choose={() => set({ status: filters.status === status ? undefined : status })}
          />
        ))}
      </fieldset>
      <label>
        Class
        <Select
          value={filters.class ?? ""}
          none="any"
          options={classes}
          change={(name) => set({ class: name })}
        />
      </label>
      <div class="pair">
        Confidence
        <ShareInput label="at least" value={filters.minConfidence} change={(min) => set({ min })} />
        <span aria-hidden="true">–</span>
        <ShareInput label="at most" value={filters.maxConfidence} change={(max) => set({ max })} />
      </div>
      <div class="pair">
        From
        <TimeInput label="Uploaded from" value={filters.from} change={(from) => set({ from })} />
        to
        <TimeInput label="Uploaded before" value={filters.to} change={(to) => set({ to })} />
      </div>
      {active && (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            changeQuery(Object.fromEntries(Object.keys(toQuery({})).map((name) => [name, undefined])))
          }
        >
          Clear
        </button>
      )}
    </form>
  );
}

function Chip({ name, chosen, choose }: { name: string; chosen: boolean; choose: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed={chosen} onClick={choose}>
      {name}
    </button>
  );
}

interface InputProps<T> {
  label: string;
  value: T | undefined;
  change: (value: string | undefined) => void;
}

/** Shown in percent, stored as a share. */
function ShareInput({ label, value, change }: InputProps<number>) {
  return (
    <input
      type="number"
      min="0"
      max="100"
      step="any"
      placeholder="%"
      aria-label={`Confidence ${label}, in percent`}
      value={value === undefined ? "" : Number((value * 100).toFixed(2))}
      onChange={({ currentTarget: { value: text } }) =>
        change(text === "" ? undefined : String(Number((Number(text) / 100).toFixed(6))))
      }
    />
  );
}

/** Shown in the local time zone, stored in UTC. */
function TimeInput({ label, value, change }: InputProps<string>) {
  return (
    <input
      type="datetime-local"
      aria-label={label}
      value={value === undefined ? "" : local(new Date(value))}
      onChange={({ currentTarget: { value: text } }) =>
        change(text ? new Date(text).toISOString() : undefined)
      }
    />
  );
}

const local = (at: Date) =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
