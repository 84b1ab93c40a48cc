import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Line } from "./arrangement.js";
import { COLUMNS, rowOf } from "./person-row.js";
import type { Person } from "./roster.js";
import { indexesIn, visibleRows } from "./row-window.js";

/**
 * A grid of thousands of users. The page contains only the visible rows and the focused one: the focus stays
 * on a user, wherever updates move its row.
 */
export class PeopleList {
  private lines: readonly Line[] = [];
  /** The key of the focused row, and its last index. */
  private currentKey = "";
  private currentIndex = 0;
  private openId: string | null = null;
  private emptyText = "";

  constructor(
    private readonly host: HTMLElement,
    private readonly onOpen: (person: Person, isByKeyboard: boolean) => void,
  ) {
    const draw = () => this.draw();
    host.addEventListener("scroll", draw, { passive: true });
    new ResizeObserver(draw).observe(host);
    host.addEventListener("keydown", (event) => this.onKey(event));
    host.addEventListener("click", (event) => this.onClick(event));
    host.addEventListener("focusin", (event) => this.onFocus(event));
  }

  /** @param openId the user whose row is selected */
  show(lines: readonly Line[], openId: string | null, emptyText: string): void {
    this.lines = lines;
    this.openId = openId;
    this.emptyText = emptyText;
    this.draw();
  }

  /** Focuses the current row again. */
  focus(): void {
    this.rowOf(this.currentKey)?.focus({ preventScroll: true });
  }

  private draw(): void {
    const { host, lines } = this;
    const hadFocus =
      document.activeElement?.closest("[data-key]") !== null &&
      host.contains(document.activeElement);
    this.findCurrent();
    const visible = visibleRows(host, this.rowHeight, lines.length);
    const indexes = indexesIn(visible, this.currentIndex);
    render(
      html`
        <div
          class="grid"
          role="grid"
          aria-label="People"
          aria-rowcount=${lines.length + 1}
          aria-colcount=${COLUMNS.length}
        >
          <div role="rowgroup" class="columns">
            <div class="row" role="row" aria-rowindex="1">
              ${COLUMNS.map((name) => html`<div role="columnheader">${name}</div>`)}
            </div>
          </div>
          <div role="rowgroup" class="rows" .style=${`--rows: ${lines.length}`}>
            ${repeat(
              indexes,
              (index) => lines[index]?.key ?? "",
              (index) => this.rowAt(index),
            )}
          </div>
        </div>
        <p class="empty" ?hidden=${lines.length > 0}>${this.emptyText}</p>
      `,
      host,
    );
    // A row that moved may have lost the focus.
    if (hadFocus && !host.contains(document.activeElement)) this.focus();
  }

  private rowAt(index: number) {
    const line = this.lines[index] as Line;
    const isOpen = line.kind === "person" && line.person.user.id === this.openId;
    return rowOf(line, { index, isCurrent: index === this.currentIndex, isOpen });
  }

  /** The current index of the same user; if it is gone, the user now at that index. */
  private findCurrent(): void {
    const { lines } = this;
    const index = lines.findIndex(({ key }) => key === this.currentKey);
    this.currentIndex = index >= 0 ? index : this.nearestPerson(this.currentIndex, 1);
    this.currentKey = lines[this.currentIndex]?.key ?? "";
  }

  /** The next user row, in the given direction first; -1 when there is none. */
  private nearestPerson(from: number, step: 1 | -1): number {
    const isPerson = (index: number) => this.lines[index]?.kind === "person";
    const last = this.lines.length - 1;
    const start = Math.min(Math.max(from, 0), last);
    for (let index = start; index >= 0 && index <= last; index += step) {
      if (isPerson(index)) return index;
    }
    for (let index = start; index >= 0 && index <= last; index -= step) {
      if (isPerson(index)) return index;
    }
    return -1;
  }

  private onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.host.clientHeight / this.rowHeight) - 2);
    const last = this.lines.length - 1;
    const at = this.currentIndex;
    const moves: Record<string, () => number> = {
      ArrowDown: () => this.nearestPerson(at + 1, 1),
      ArrowUp: () => this.nearestPerson(at - 1, -1),
      PageDown: () => this.nearestPerson(at + page, 1),
      PageUp: () => this.nearestPerson(at - page, -1),
      Home: () => this.nearestPerson(0, 1),
      End: () => this.nearestPerson(last, -1),
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      this.moveTo(move());
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.open(this.currentKey, true);
    }
  }

  private onClick({ target }: MouseEvent): void {
    const key = keyOf(target);
    if (key !== undefined) this.open(key, false);
  }

  /** Whatever moved the focus, such as a click: the keyboard continues from there. */
  private onFocus({ target }: FocusEvent): void {
    const key = keyOf(target);
    if (key === undefined || key === this.currentKey) return;
    this.currentKey = key;
    this.draw();
  }

  private open(key: string, isByKeyboard: boolean): void {
    const line = this.lines.find((each) => each.key === key);
    if (line?.kind !== "person") return;
    this.currentKey = key;
    this.onOpen(line.person, isByKeyboard);
  }

  private moveTo(index: number): void {
    const line = this.lines[index];
    if (!line) return;
    this.currentKey = line.key;
    this.currentIndex = index;
    this.scrollTo(index);
    this.draw();
    this.focus();
  }

  private scrollTo(index: number): void {
    const { host, rowHeight } = this;
    const top = index * rowHeight;
    // Above the row are the column headers, which are sticky, and usually the heading of its section.
    if (top - rowHeight < host.scrollTop) host.scrollTop = top - rowHeight;
    const below = top + 2 * rowHeight + rowHeight / 2;
    if (below > host.scrollTop + host.clientHeight) host.scrollTop = below - host.clientHeight;
  }

  private rowOf(key: string): HTMLElement | null {
    return this.host.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  private get rowHeight(): number {
    return parseFloat(getComputedStyle(this.host).getPropertyValue("--row")) || 36;
  }
}

const keyOf = (target: EventTarget | null): string | undefined =>
  (target as Element | null)?.closest<HTMLElement>("[data-key]")?.dataset["key"];
