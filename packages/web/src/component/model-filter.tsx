import { useModels } from "../api/models.ts";
import { changeQuery, place } from "../route/route.ts";

interface ModelFilterProps {
  /** Of a list that is always of one model: which, where the address names none. */
  chosen?: string | undefined;
  any?: boolean;
}

/** Which model a list is about, kept in the address. What else it was narrowed to may not fit another model. */
export function ModelFilter({ chosen, any = true }: ModelFilterProps) {
  const { data: models } = useModels();
  return (
    <label class="filter">
      Model{" "}
      <select
        value={place.value.query.get("model") ?? chosen ?? ""}
        onChange={(event) =>
          changeQuery({ model: event.currentTarget.value, class: undefined, source: undefined })
        }
      >
        {any && <option value="">any</option>}
        {models?.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
