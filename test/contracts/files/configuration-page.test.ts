/** docs/configuration.md lists the options as the tables have them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JAIL_OPTIONS } from '../../../src/contracts/files/jail-options';
import { SERVER_OPTIONS } from '../../../src/contracts/files/server-options';

const page = readFileSync(path.resolve(__dirname, '../../../docs/configuration.md'), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
  return cells.length === 7 && cells[1]?.startsWith('`') === true ? [cells.slice(1, -1)] : [];
});

test('every option stands there with its type, unit, default and meaning, and no other', () => {
  const expected = [...JAIL_OPTIONS, ...SERVER_OPTIONS].map((option) => {
    const shown = option.default === null ? '–' : option.default === '' ? '(empty)' : `\`${option.default}\``;
    const since = option.since === undefined ? '' : ` (since ${option.since})`;
    return [`\`${option.name}\``, option.type, option.unit ?? '', shown, option.meaning + since];
  });
  expect(rows).toEqual(expected);
});

test('an option is named once among the jail’s, and once among the server’s', () => {
  for (const table of [JAIL_OPTIONS, SERVER_OPTIONS]) expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
});
