import { useModels } from "../api/models.ts";
import { changeQuery, currentRoute } from "../route/route.ts";

interface ModelFilterProps {
  /** The model of a list that always has one, if the address has none. */
  chosen?: string | undefined;
  any?: boolean;
}

/** Sets the model in the address, and clears filters that depend on the model. */
export function ModelFilter({ chosen, any = true }: ModelFilterProps) {
  const { data: models } = useModels();
  return (
    <label class="filter">
      Model{" "}
      <select
        value={currentRoute.value.query.get("model") ?? chosen ?? ""}
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
