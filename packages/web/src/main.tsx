import { render } from "preact";
import { loadConfig } from "./api/config.ts";
import { startLive } from "./api/live.ts";
import { toApiError } from "./api/problem.ts";
import { signInFromAddress } from "./api/session.ts";
import { ErrorNote } from "./component/notes.tsx";
import { App } from "./shell/app.tsx";
import "./style/theme.ts";

const page = document.getElementById("page")!;
signInFromAddress();
// Opening the page again with another token changes only the fragment.
addEventListener("hashchange", signInFromAddress);
try {
  await loadConfig();
  startLive();
  render(<App />, page);
} catch (error) {
  render(<ErrorNote error={toApiError(error)} />, page);
}
