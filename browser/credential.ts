// The credential of a page: entered once, stored for this tab only, and passed to the page when it changes.

const STORED_AS = "rollcall-credential";

/** The holder of a credential. */
export interface Holder {
  readonly name: string;
  readonly permissions: readonly string[];
  /** Null for a key without an owner. */
  readonly user: { readonly externalIds: readonly { system: string; id: string }[] } | null;
}

/**
 * Sets up the field in the page's header, and calls back with the current credential, now and after every
 * change. The holder is null when the credential is invalid, which the header shows.
 */
export function followCredential(
  onChange: (credential: string | null, holder: Holder | null) => void,
): void {
  const input = element("key") as HTMLInputElement;
  let latest = 0;

  const use = async (credential: string | null) => {
    const attempt = ++latest;
    if (credential === null) sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, credential);
    input.value = credential ?? "";
    element("forget").hidden = credential === null;
    element("no-credential").hidden = credential !== null;
    show("");
    if (credential === null) return onChange(null, null);

    const { holder, refusal } = await requestViewer(credential);
    // Another credential was entered meanwhile.
    if (attempt !== latest) return;
    show(holder ? [holder.name, ...holder.permissions].join(" · ") : refusal, !holder);
    onChange(credential, holder);
  };

  element("credential").addEventListener("submit", (event) => {
    event.preventDefault();
    void use(input.value.trim() || null);
  });
  element("forget").addEventListener("click", () => void use(null));
  void use(keyFromAddress() ?? sessionStorage.getItem(STORED_AS));
}

/**
 * Reads `#key=…`, as the demo prints it. Browsers do not send the fragment to a server, and it is removed
 * from the address immediately. Only on this machine: elsewhere a link could contain a key of its sender, who
 * would see what others do with it.
 */
function keyFromAddress(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const key = fragment.get("key");
  if (key === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname) ? key : null;
}

async function requestViewer(
  credential: string,
): Promise<{ holder: Holder | null; refusal: string }> {
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
    return { holder: null, refusal: "The gateway does not respond" };
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

/** The settings that the gateway writes into the page. */
export const settings = <Settings>(): Settings =>
  JSON.parse(element("settings").textContent ?? "{}") as Settings;
