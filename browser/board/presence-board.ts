import { html, nothing, render } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { element } from "../credential.js";
import { announce } from "./announcer.js";
import { arrange, countByStatus, type View } from "./arrangement.js";
import { filters } from "./filters.js";
import { type Connection, Gateway } from "./gateway.js";
import { CataloguesDocument, type CataloguesQuery } from "./graphql.js";
import { OpenPerson } from "./open-person.js";
import { PeopleList } from "./people-list.js";
import { personPanel } from "./person-panel.js";
import { messageOf } from "./refusal.js";
import { type Person, Roster, type Scope } from "./roster.js";
import { feedRoster, type Reading } from "./roster-feed.js";

/** Events within this time are shown together, so that the rows stay readable. */
const RENDER_DELAY_MS = 200;
/** How often the durations are updated. */
const TICK_MS = 15_000;

const NO_MATCH = "No user matches these filters.";

/** The board of one credential: its data, its filters and its rendering. */
export class PresenceBoard {
  private readonly gateway: Gateway;
  private readonly list: PeopleList;
  private readonly ticking = setInterval(() => this.drawSoon(), TICK_MS);
  private catalogues: CataloguesQuery = { statuses: [], groups: [] };
  private roster = new Roster({ groupId: null, onlineOnly: true });
  private view: View = { statusIds: new Set(), search: "", arrangedBy: "status" };
  private reading: Reading | null = null;
  private connection: Connection = "connecting";
  private failure: string | null = null;
  private open: OpenPerson | null = null;
  private stopFeed: () => void = () => undefined;
  private drawing = 0;

  constructor(credential: string) {
    this.gateway = new Gateway(credential, (connection) => this.onConnection(connection));
    this.list = new PeopleList(element("people"), (person, isByKeyboard) =>
      this.openPanel(person, isByKeyboard),
    );
    element("panel").addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.closePanel();
    });
    void this.gateway
      .request(CataloguesDocument, {})
      .then((catalogues) => {
        this.catalogues = catalogues;
        this.draw();
      })
      .catch((reason: unknown) => this.fail(reason));
    this.feed();
  }

  close(): void {
    clearInterval(this.ticking);
    clearTimeout(this.drawing);
    this.stopFeed();
    this.gateway.close();
  }

  /** Subscribes to the users of the scope. The previous rows stay until the new ones are loaded. */
  private feed(): void {
    this.stopFeed();
    this.failure = null;
    this.reading = null;
    this.stopFeed = feedRoster(this.gateway, this.roster, {
      updated: (person) => {
        if (this.open?.person.user.id === person.user.id) this.open.person = person;
        this.drawSoon();
      },
      reading: (reading) => {
        if (reading.isOver) announce(`${this.roster.all.size} people`);
        this.reading = reading;
        this.drawSoon();
      },
      ended: (reason) => this.fail(reason),
    });
    this.draw();
  }

  private fail(reason: unknown): void {
    this.failure = messageOf(reason);
    announce(this.failure);
    this.draw();
  }

  private onConnection(connection: Connection): void {
    if (connection === "lost" && this.connection === "open") announce("The connection is lost");
    if (connection === "open" && this.reading) announce("Connected again");
    // The first reconnection attempt is not announced.
    if (connection === "connecting" && this.connection === "lost") return;
    this.connection = connection;
    this.drawSoon();
  }

  private changeScope(change: Partial<Scope>): void {
    this.roster = new Roster({ ...this.roster.scope, ...change });
    this.feed();
  }

  private openPanel(person: Person, isByKeyboard: boolean): void {
    const open = new OpenPerson(
      person,
      this.gateway,
      () => this.open === open && this.draw(),
      () => this.closePanel(),
    );
    this.open = open;
    this.draw();
    // Where the panel covers the list, it gets the focus.
    const covers = matchMedia("(max-width: 900px)").matches;
    if (isByKeyboard || covers) element("panel-name").focus();
  }

  private closePanel(): void {
    if (!this.open) return;
    this.open = null;
    this.draw();
    this.list.focus();
  }

  private drawSoon(): void {
    this.drawing ||= setTimeout(() => this.draw(), RENDER_DELAY_MS);
  }

  private draw(): void {
    clearTimeout(this.drawing);
    this.drawing = 0;
    const { catalogues, roster, view, open } = this;
    const people = [...roster.all.values()];
    const shown = { catalogues, scope: roster.scope, view, counts: countByStatus(people) };
    render(
      filters(shown, {
        scope: (change) => this.changeScope(change),
        view: (change) => {
          this.view = { ...this.view, ...change };
          this.draw();
        },
      }),
      element("filters"),
    );
    render(this.stateLine(), element("state"));
    const emptyText = this.reading?.isOver ? NO_MATCH : "";
    this.list.show(arrange(people, view), open?.person.user.id ?? null, emptyText);
    this.drawPanel();
  }

  private stateLine() {
    if (this.failure !== null) {
      return html`<span class="state failed">${this.failure}</span>
        <button type="button" @click=${() => this.feed()}>Try again</button>`;
    }
    if (this.connection === "lost") {
      return html`<span class="state lost"
        >Connection lost. Trying again; what you see is from before.</span
      >`;
    }
    if (!this.reading) return html`<span class="state">Connecting…</span>`;
    const { read, total, isOver } = this.reading;
    if (!isOver) return html`<span class="state">Reading ${read} of ${total}…</span>`;
    const rest = total - read;
    return html`<span class="state live">Live</span>${
        rest > 0 && read < total
          ? html`<span class="note"
              >The first ${read} of ${total}: choose a group to see the others.</span
            >`
          : nothing
      }`;
  }

  private drawPanel(): void {
    const { open, catalogues, roster } = this;
    const panel = element("panel");
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = open === null;
    if (!open) {
      render(nothing, panel);
      return;
    }
    const { person, outcome, isBusy } = open;
    const isListed = roster.all.has(person.user.id);
    const shown = { person, statuses: catalogues.statuses, outcome, isBusy, isListed };
    render(keyed(person.user.id, personPanel(shown, open.actions)), panel);
    // The focused element may be gone, such as the unlock button.
    if (hadFocus && !panel.contains(document.activeElement)) element("panel-name").focus();
  }
}
