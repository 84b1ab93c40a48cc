import { html, nothing, type TemplateResult } from "lit-html";
import type { CataloguesQuery } from "./graphql.js";
import { dot } from "./person-row.js";
import type { Person } from "./roster.js";
import { clockTime, inMinutes, timeSince } from "./times.js";

/** The actions of a supervisor on a user. */
export interface PanelActions {
  readonly setStatus: (statusId: number, until: string | undefined) => void;
  readonly lock: (statusId: number, reason: string | undefined, until: string | undefined) => void;
  readonly unlock: () => void;
  readonly reserve: (channel: string, ttlSeconds: number) => void;
  readonly release: (id: string, fencingToken: number) => void;
  readonly close: () => void;
}

/** The result of the last action. */
export interface Outcome {
  readonly text: string;
  readonly isRefusal: boolean;
}

export interface PanelShown {
  readonly person: Person;
  readonly statuses: CataloguesQuery["statuses"];
  readonly outcome: Outcome | null;
  /** Whether an action is in flight. */
  readonly isBusy: boolean;
  /** Whether the user matches the filters, and is therefore updated. */
  readonly isListed: boolean;
}

const LENGTHS: readonly (readonly [minutes: number, name: string])[] = [
  [15, "for 15 minutes"],
  [30, "for 30 minutes"],
  [60, "for an hour"],
  [240, "for 4 hours"],
];

export function personPanel(shown: PanelShown, actions: PanelActions): TemplateResult {
  const { person, outcome, isBusy, isListed } = shown;
  return html`
    <header>
      <div>
        <h2 id="panel-name" tabindex="-1">${person.user.displayName}</h2>
        <p class="username">${person.user.username}</p>
      </div>
      <button type="button" class="close" aria-label="Close" @click=${actions.close}>✕</button>
    </header>
    ${factsOf(person)}
    ${isListed ? nothing : html`<p class="note">No longer matches the filters.</p>`}
    <p class=${classOf(outcome)} role="status">${outcome?.text}</p>
    <div class="actions" aria-busy=${isBusy}>
      ${statusForm(shown, actions)} ${lockForm(shown, actions)} ${reservationForm(shown, actions)}
    </div>
  `;
}

/** It always exists, so that a screen reader announces its text. */
const classOf = (outcome: Outcome | null): string =>
  outcome ? `outcome ${outcome.isRefusal ? "refused" : ""}` : "unseen";

function factsOf({ status, since, until, configuredStatus, lock, user }: Person): TemplateResult {
  const isOverridden = configuredStatus !== null && configuredStatus.id !== status.id;
  return html`
    <dl>
      <dt>Status</dt>
      <dd>${dot(status.color)}<strong>${status.name}</strong></dd>
      <dt>Since</dt>
      <dd>${clockTime(since)} (${timeSince(since)})</dd>
      ${
        until
          ? html`<dt>Until</dt>
              <dd>${clockTime(until)}</dd>`
          : nothing
      }
      ${
        isOverridden
          ? html`<dt>Chosen</dt>
              <dd>${configuredStatus.name}</dd>`
          : nothing
      }
      ${
        lock
          ? html`<dt>Locked</dt>
              <dd>
                ${lock.lockedBy ? `by ${lock.lockedBy.displayName}, ` : ""}${
                  lock.until ? `until ${clockTime(lock.until)}` : "until released"
                }${lock.reason ? html`<q>${lock.reason}</q>` : nothing}
              </dd>`
          : nothing
      }
      <dt>Groups</dt>
      <dd>${user.groups.map(({ name }) => name).join(", ") || "none"}</dd>
    </dl>
  `;
}

function statusForm({ person, statuses, isBusy }: PanelShown, { setStatus }: PanelActions) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const statusId = Number((event.submitter as HTMLButtonElement).value);
    setStatus(statusId, inMinutes(Number(fields.get("minutes"))));
  };
  return html`
    <form aria-labelledby="set-status" @submit=${onSubmit}>
      <h3 id="set-status">Set a status</h3>
      <div class="choices">
        ${statuses
          .filter(({ selectable }) => selectable)
          .map(
            ({ id, name, color }) =>
              html`<button
                value=${id}
                aria-pressed=${person.configuredStatus?.id === id}
                aria-disabled=${isBusy}
              >
                ${dot(color)}${name}
              </button>`,
          )}
      </div>
      ${lengthField("until it is changed")}
    </form>
  `;
}

function lockForm({ person, statuses, isBusy }: PanelShown, { lock, unlock }: PanelActions) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const reason = textOf(fields.get("reason")) || undefined;
    lock(Number(fields.get("status")), reason, inMinutes(Number(fields.get("minutes"))));
  };
  const onUnlock = (event: SubmitEvent) => {
    event.preventDefault();
    unlock();
  };
  if (person.lock) {
    return html`
      <form aria-labelledby="unlock" @submit=${onUnlock}>
        <h3 id="unlock">Lock</h3>
        <p class="note">While it is locked, the status cannot be changed.</p>
        <button class="main" aria-disabled=${isBusy}>Unlock</button>
      </form>
    `;
  }
  return html`
    <form aria-labelledby="lock" @submit=${onSubmit}>
      <h3 id="lock">Lock</h3>
      <label>
        <span>In status</span>
        <select name="status">
          ${statuses.map(
            ({ id, name }) =>
              html`<option value=${id} ?selected=${id === person.status.id}>${name}</option>`,
          )}
        </select>
      </label>
      <label>
        <span>Reason</span>
        <input
          name="reason"
          maxlength="500"
          autocomplete="off"
          placeholder="Returned when a change is refused"
        />
      </label>
      ${lengthField("until released")}
      <button class="main" aria-disabled=${isBusy}>Lock</button>
    </form>
  `;
}

function reservationForm({ person, isBusy }: PanelShown, { reserve, release }: PanelActions) {
  const { agent } = person.user;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    reserve(textOf(fields.get("channel")), Number(fields.get("seconds")));
  };
  if (!agent) return nothing;
  return html`
    <form aria-labelledby="reserve" @submit=${onSubmit}>
      <h3 id="reserve">Reserve</h3>
      <p class="note">${agent.activeReservations.length} of ${agent.maxChats} chats taken.</p>
      ${agent.activeReservations.length > 0 ? reservations(agent, isBusy, release) : nothing}
      <label>
        <span>Channel</span>
        <input
          name="channel"
          .defaultValue=${"livechat"}
          required
          maxlength="100"
          autocomplete="off"
        />
      </label>
      <label>
        <span>Hold</span>
        <select name="seconds">
          <option value="30">for 30 seconds</option>
          <option value="60">for a minute</option>
          <option value="300">for 5 minutes</option>
        </select>
      </label>
      <button class="main" aria-disabled=${isBusy}>Reserve</button>
    </form>
  `;
}

const reservations = (
  { activeReservations }: NonNullable<Person["user"]["agent"]>,
  isBusy: boolean,
  release: PanelActions["release"],
) => html`
  <ul>
    ${activeReservations.map(
      ({ id, fencingToken, channel, state, expiresAt, reservedBy }) =>
        html`<li>
          <span>
            ${channel}, ${state === "HELD" ? `held until ${clockTime(expiresAt)}` : "accepted"}, for
            ${reservedBy}
          </span>
          <button
            type="button"
            aria-label=${`Release ${channel}`}
            aria-disabled=${isBusy}
            @click=${() => release(id, fencingToken)}
          >
            Release
          </button>
        </li>`,
    )}
  </ul>
`;

const lengthField = (endless: string) => html`
  <label>
    <span>How long</span>
    <select name="minutes">
      <option value="0">${endless}</option>
      ${LENGTHS.map(([minutes, name]) => html`<option value=${minutes}>${name}</option>`)}
    </select>
  </label>
`;

const textOf = (value: FormDataEntryValue | null): string =>
  typeof value === "string" ? value.trim() : "";
