import { useModels } from "../api/models.ts";
import { changeQuery, place } from "../route/route.ts";

/** Which model a list is about, kept in the address. */
export function ModelFilter({ any = true }: { any?: boolean }) {
  const { data: models } = useModels();
  return (
    <label class="filter">
      Model{" "}
      <select
        value={place.value.query.get("model") ?? ""}
        onChange={(event) => changeQuery({ model: event.currentTarget.value })}
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
