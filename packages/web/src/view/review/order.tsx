import { Select } from "../../component/select.tsx";
import { changeQuery } from "../../route/route.ts";

/** By information, the reviews that teach the model most come first. */
export function OrderSwitch({ byInformation }: { byInformation: boolean }) {
  return (
    <label class="filter">
      Order{" "}
      <Select
        value={byInformation ? "information" : ""}
        none="time"
        options={["information"]}
        change={(order) => changeQuery({ order })}
      />
    </label>
  );
}
