import { render } from "preact";
import { loadConfig } from "./api/config.ts";
import { startLive } from "./api/live.ts";
import { asApiError } from "./api/problem.ts";
import { takeFromAddress } from "./api/session.ts";
import { ErrorNote } from "./component/note.tsx";
import { App } from "./shell/app.tsx";
import "./shell/theme.ts";

const page = document.getElementById("page")!;
takeFromAddress();
// The same page, opened again with another token, only changes its fragment.
addEventListener("hashchange", takeFromAddress);
try {
  await loadConfig();
  startLive();
  render(<App />, page);
} catch (error) {
  render(<ErrorNote error={asApiError(error)} />, page);
}
