// The credential of a page: put in once, kept for this tab alone, told to the page when it changes.

const STORED_AS = "rollcall-credential";

/** Who is behind a credential. */
export interface Holder {
  readonly name: string;
  readonly permissions: readonly string[];
  /** Null for a key of nobody. */
  readonly user: { readonly externalIds: readonly { system: string; id: string }[] } | null;
}

/**
 * Sets up the field in the head of the page, and calls back with the credential that is in use: now, and
 * whenever it changes. The holder is null when it is nobody's, which the head of the page says.
 */
export function followCredential(
  onChange: (credential: string | null, holder: Holder | null) => void,
): void {
  const input = element("key") as HTMLInputElement;
  let latest = 0;

  const use = async (credential: string | null) => {
    const turn = ++latest;
    if (credential === null) sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, credential);
    input.value = credential ?? "";
    element("forget").hidden = credential === null;
    element("no-credential").hidden = credential !== null;
    show("");
    if (credential === null) return onChange(null, null);

    const { holder, refusal } = await ask(credential);
    // Another one was put in meanwhile.
    if (turn !== latest) return;
    show(holder ? [holder.name, ...holder.permissions].join(" · ") : refusal, !holder);
    onChange(credential, holder);
  };

  element("credential").addEventListener("submit", (event) => {
    event.preventDefault();
    void use(input.value.trim() || null);
  });
  element("forget").addEventListener("click", () => void use(null));
  void use(takenFromAddress() ?? sessionStorage.getItem(STORED_AS));
}

/**
 * `#key=…`, as the demo prints it: what follows # is sent to no server, and is removed from the address
 * at once. On this machine only: elsewhere somebody might send a link with a key of theirs, to see what
 * others do with it.
 */
function takenFromAddress(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const key = fragment.get("key");
  if (key === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname) ? key : null;
}

async function ask(credential: string): Promise<{ holder: Holder | null; refusal: string }> {
  const query = `{ viewer { name permissions user { externalIds { system id } } } }`;
  try {
    const response = await fetch("graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${credential}` },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as {
      data?: { viewer: Holder } | null;
      errors?: { message: string }[];
    };
    return { holder: data?.viewer ?? null, refusal: errors?.[0]?.message ?? "" };
  } catch {
    return { holder: null, refusal: "The gateway does not answer" };
  }
}

function show(text: string, isRefusal = false): void {
  const holder = element("holder");
  holder.textContent = text;
  holder.classList.toggle("refused", isRefusal);
}

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** What the gateway tells the page. */
export const settings = <Settings>(): Settings =>
  JSON.parse(element("settings").textContent ?? "{}") as Settings;
