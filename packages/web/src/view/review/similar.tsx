import type { ReviewItem } from "@sluice/core/review/list.ts";
import { Thumbnail } from "../../component/prediction/thumbnail.tsx";
import { formatPlural } from "../../format/number.ts";

interface SimilarProps {
  item: ReviewItem;
  applied: boolean;
  apply: (applied: boolean) => void;
}

/** The near-duplicates of a review, which its verdict can be applied to. */
export function Similar({ item, applied, apply }: SimilarProps) {
  const { similar = [] } = item;
  if (similar.length === 0) return null;
  return (
    <div class="similar">
      <label>
        <input
          type="checkbox"
          checked={applied}
          onChange={({ currentTarget }) => apply(currentTarget.checked)}
        />{" "}
        Apply the verdict to {formatPlural(similar.length, "near-duplicate")}
      </label>
      {similar.slice(0, MAX_SHOWN).map((id) => (
        <Thumbnail key={id} prediction={{ ...item, id }} />
      ))}
    </div>
  );
}

const MAX_SHOWN = 6;
