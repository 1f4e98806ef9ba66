/** Rows of words as aligned columns for a terminal. */

/** Control characters of hostile text become `?`: a terminal obeys them. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

/** The first row is the heading; columns named in `right` are flush right. */
export function formatTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const clean = rows.map((row) => row.map(printable));
  const widths = (clean[0] ?? []).map((_cell, column) => Math.max(...clean.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return clean.map((row) => `${line(row)}\n`).join('');
}
