import { html, nothing, type TemplateResult } from "lit-html";
import type { Arrangement, View } from "./arrangement.js";
import type { CataloguesQuery } from "./graphql.js";
import { dot } from "./person-row.js";
import type { Scope } from "./roster.js";

export interface FiltersShown {
  readonly catalogues: CataloguesQuery;
  readonly scope: Scope;
  readonly view: View;
  /** The number of users of the scope per status. */
  readonly counts: ReadonlyMap<number, number>;
}

export interface FilterChanges {
  readonly scope: (scope: Partial<Scope>) => void;
  readonly view: (view: Partial<View>) => void;
}

const ARRANGEMENTS: Readonly<Record<Arrangement, string>> = {
  status: "by status",
  group: "by group",
  name: "by name",
};

const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;

/** The filters and the order of the list. */
export function filters(
  { catalogues, scope, view, counts }: FiltersShown,
  change: FilterChanges,
): TemplateResult {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return html`
    <form class="filters" aria-label="Filters" @submit=${(event: Event) => event.preventDefault()}>
      <label>
        <span>Group</span>
        <select @change=${(event: Event) => change.scope({ groupId: valueOf(event) || null })}>
          <option value="" ?selected=${scope.groupId === null}>All groups</option>
          ${catalogues.groups.map(
            ({ id, name }) =>
              html`<option value=${id} ?selected=${scope.groupId === id}>${name}</option>`,
          )}
        </select>
      </label>
      <label>
        <span>People</span>
        <select
          @change=${(event: Event) => change.scope({ onlineOnly: valueOf(event) === "online" })}
        >
          <option value="online" ?selected=${scope.onlineOnly}>online only</option>
          <option value="all" ?selected=${!scope.onlineOnly}>all</option>
        </select>
      </label>
      <label>
        <span>Arranged</span>
        <select
          @change=${(event: Event) => change.view({ arrangedBy: valueOf(event) as Arrangement })}
        >
          ${Object.entries(ARRANGEMENTS).map(
            ([value, name]) =>
              html`<option value=${value} ?selected=${view.arrangedBy === value}>${name}</option>`,
          )}
        </select>
      </label>
      <label class="search">
        <span>Find</span>
        <input
          type="search"
          placeholder="Name or username"
          autocomplete="off"
          @input=${(event: Event) => change.view({ search: valueOf(event) })}
        />
      </label>
    </form>
    <div class="chips" role="group" aria-label="Status">
      <button
        type="button"
        aria-pressed=${view.statusIds.size === 0}
        @click=${() => change.view({ statusIds: new Set() })}
      >
        All <span class="count">${total}</span>
      </button>
      ${catalogues.statuses.map(({ id, name, color }) => {
        const count = counts.get(id) ?? 0;
        const isChosen = view.statusIds.has(id);
        if (count === 0 && !isChosen) return nothing;
        return html`<button
          type="button"
          aria-pressed=${isChosen}
          @click=${() => change.view({ statusIds: toggled(view.statusIds, id) })}
        >
          ${dot(color)}${name} <span class="count">${count}</span>
        </button>`;
      })}
    </div>
  `;
}

function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const changed = new Set(ids);
  if (!changed.delete(id)) changed.add(id);
  return changed;
}
