// Asked once in a tab: the token that every request carries.
import { enter, refusal } from "../api/session.ts";
import { Command } from "../component/copy.tsx";
import { ErrorNote } from "../component/note.tsx";

export function TokenEntry() {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const value = String(new FormData(event.target as HTMLFormElement).get("token")).trim();
    if (value) enter(value);
  };
  return (
    <main class="entry">
      <h1>Sluice</h1>
      <p>Everything here is behind a token. It stays in this tab and is forgotten when the tab closes.</p>
      {refusal.value && <ErrorNote error={refusal.value} />}
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
          Open
        </button>
      </form>
      <h2>Where to find one</h2>
      <p>
        On this machine, open the address that `npm start` prints after “page”. For a deployed stage, make
        one:
      </p>
      <Command>
        npx sst shell --stage production npx sluice token create --name page --scope read upload
      </Command>
    </main>
  );
}
