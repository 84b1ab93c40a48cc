/** Virtual scrolling: of many rows with one height, only the visible ones are in the page. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Rows beyond the visible ones, so that scrolling shows no blank space. */
const MARGIN_ROWS = 10;

export function visibleRows(scroller: HTMLElement, rowHeight: number, rows: number): RowWindow {
  const first = Math.floor(scroller.scrollTop / rowHeight) - MARGIN_ROWS;
  const end = Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + MARGIN_ROWS;
  return { first: Math.max(0, first), end: Math.min(rows, end) };
}

/** The indexes of a window, and of one row that stays in the page wherever it is: the focused one. */
export function indexesIn({ first, end }: RowWindow, kept: number): number[] {
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
  if (kept < 0 || (kept >= first && kept < end)) return indexes;
  return kept < first ? [kept, ...indexes] : [...indexes, kept];
}
