import { useModels } from "../api/models.ts";
import { changeQuery, currentRoute } from "../route/route.ts";
import { Select } from "./select.tsx";

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
      <Select
        value={currentRoute.value.query.get("model") ?? chosen ?? ""}
        none={any ? "any" : undefined}
        options={models?.map(({ name }) => name) ?? []}
        change={(model) => changeQuery({ model, class: undefined, source: undefined })}
      />
    </label>
  );
}
