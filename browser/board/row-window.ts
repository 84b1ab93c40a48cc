/** Rows of one height below each other, of which only those in sight are in the page. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Beyond what is in sight, so that nothing is blank while one scrolls. */
const MARGIN_ROWS = 10;

export function rowsInSight(scroller: HTMLElement, rowHeight: number, rows: number): RowWindow {
  const first = Math.floor(scroller.scrollTop / rowHeight) - MARGIN_ROWS;
  const end = Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + MARGIN_ROWS;
  return { first: Math.max(0, first), end: Math.min(rows, end) };
}

/** The indexes of a window, and of a row that has to be in the page wherever it is: the one with the focus. */
export function indexesIn({ first, end }: RowWindow, kept: number): number[] {
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
  if (kept < 0 || (kept >= first && kept < end)) return indexes;
  return kept < first ? [kept, ...indexes] : [...indexes, kept];
}
