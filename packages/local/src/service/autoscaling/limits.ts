// Application Auto Scaling's own numbers.
export const COOLDOWN_SECONDS = 300;
export const POLICY_NAME_CHARACTERS = 256;
export const PAGE = 50;
/** Target tracking adds instances after so many minutes above its target, ... */
export const SCALE_OUT_MINUTES = 3;
/** ... and removes instances after so many minutes below this share of its target. */
export const SCALE_IN_MINUTES = 15;
export const SCALE_IN_SHARE = 0.9;
/** Activities are listed for six weeks. */
export const ACTIVITY_KEEP_MS = 42 * 86_400_000;
