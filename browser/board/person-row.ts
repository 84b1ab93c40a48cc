import { html, nothing, type TemplateResult } from "lit-html";
import type { Line, PersonLine, Section } from "./arrangement.js";
import { clockTime, timeSince } from "./times.js";

/** The position of a row, and whether it is focused or selected. */
export interface RowState {
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
}

export const COLUMNS = ["Person", "Status", "For", "Groups", "Phone", "Chats"] as const;

const TELEPHONE = { FREE: "", BUSY: "In a call", RINGING: "Ringing" } as const;

export const rowOf = (line: Line, state: RowState): TemplateResult =>
  line.kind === "section" ? sectionRow(line, state) : personRow(line, state);

const sectionRow = ({ name, color, size }: Section, { index }: RowState) => html`
  <div class="row section" role="row" aria-rowindex=${index + 2} .style=${placeOf(index)}>
    <div role="rowheader" aria-colspan=${COLUMNS.length}>
      ${color === null ? nothing : dot(color)}
      <span class="section-name">${name}</span>
      <span class="count">${size}</span>
    </div>
  </div>
`;

const personRow = ({ key, person }: PersonLine, { index, isCurrent, isOpen }: RowState) => {
  const { status, since, user, telephoneStatus, online } = person;
  return html`
    <div
      class="row person"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${isOpen}
      tabindex=${isCurrent ? 0 : -1}
      data-key=${key}
      .style=${placeOf(index)}
    >
      <div role="gridcell" class="name">
        <span class="display-name">${user.displayName}</span>
        <span class="username">${user.username}</span>
      </div>
      <div role="gridcell" class="status">
        ${dot(status.color)}<span>${status.name}</span>${badgesOf(person)}
      </div>
      <div role="gridcell" class="since">
        <time datetime=${since} title="Since ${new Date(since).toLocaleString()}"
          >${timeSince(since)}</time
        >
      </div>
      <div role="gridcell" class="groups">${user.groups.map(({ name }) => name).join(", ")}</div>
      <div role="gridcell" class="phone">
        ${online ? TELEPHONE[telephoneStatus] : "Not connected"}
      </div>
      <div role="gridcell" class="chats">${chatsOf(person)}</div>
    </div>
  `;
};

function badgesOf({ lock, user }: PersonLine["person"]) {
  const isHeld = user.agent?.activeReservations.some(({ state }) => state === "HELD") === true;
  return html`${
    lock
      ? html`<span
          class="badge lock"
          title=${lock.until ? `Until ${clockTime(lock.until)}` : "Until released"}
          >Locked</span
        >`
      : nothing
  }${isHeld ? html`<span class="badge">Reserved</span>` : nothing}`;
}

function chatsOf({ user: { agent } }: PersonLine["person"]): string {
  return agent ? `${agent.activeReservations.length} of ${agent.maxChats}` : "";
}

/**
 * Set as a property, because the page's policy forbids style attributes in HTML. The colour comes from the
 * catalogue.
 */
export const dot = (color: string) =>
  html`<span class="dot" aria-hidden="true" .style=${`--color: ${color}`}></span>`;

const placeOf = (index: number) => `--index: ${index}`;
