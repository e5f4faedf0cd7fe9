import { signIn, signOutReason } from "../api/session.ts";
import { Command } from "../component/copy-button.tsx";
import { ErrorNote } from "../component/notes.tsx";

export function TokenEntry() {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const value = String(new FormData(event.target as HTMLFormElement).get("token")).trim();
    if (value) signIn(value);
  };
  return (
    <main class="entry">
      <h1>Sluice</h1>
      <p>This page needs a bearer token. It is stored in this tab only, until the tab is closed.</p>
      {signOutReason.value && <ErrorNote error={signOutReason.value} />}
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          autofocus
        />
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <h2>Where to find one</h2>
      <p>
        For the local cloud, open the address that `npm start` prints after “page”. For a deployed stage,
        create a token:
      </p>
      <Command>
        npx sst shell --stage production npx sluice tokens create --name page --scope read upload
      </Command>
    </main>
  );
}
