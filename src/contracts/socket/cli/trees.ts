/** Lists and statuses become the little trees that fail2ban-client draws with `|-` and `` `- ``. */
import { PyTuple, pythonStr } from '../../../model/python-repr';
import type { PyValue } from '../../../model/python-repr';

/** A head and a line for each member; `none` alone when there is none. Numbered members stand behind `[0]: `. */
export function tree(none: string, head: string, value: PyValue, numbered = false): string | null {
  if (!Array.isArray(value)) return null;
  const items = (value as readonly PyValue[]).map((item, index) => (numbered ? `[${index}]: ` : '') + pythonStr(item));
  if (items.length === 0) return none;
  return [head, ...items.map((item, index) => `${index === items.length - 1 ? '`-' : '|-'} ${item}`)].join('\n');
}

type Pair = readonly [name: string, value: PyValue];

function pairsOf(value: PyValue): readonly Pair[] | null {
  if (!Array.isArray(value)) return null;
  const pairs = (value as readonly PyValue[]).map((item): Pair | null => {
    const [name, member] = item instanceof PyTuple ? item.items : [];
    return typeof name === 'string' && member !== undefined ? [name, member] : null;
  });
  return pairs.every((pair) => pair !== null) ? pairs : null;
}

/** The answer to `status`; null when it has another shape. */
export function serverTree(value: PyValue): string | null {
  const pairs = pairsOf(value);
  return pairs === null ? null : ['Status', ...branches(pairs, '')].join('\n');
}

/** The answer to `status JAIL`; null when it has another shape (`stats` has). */
export function jailTree(jail: string, value: PyValue): string | null {
  const lines = jailLines(value);
  return lines === null ? null : [`Status for the jail: ${jail}`, ...lines].join('\n');
}

/** The answer to `status --all`: the server's pairs, and behind them a dict of jails. */
export function statusOfAll(value: PyValue): string | null {
  if (!Array.isArray(value)) return null;
  const members = value as readonly PyValue[];
  const jails = members.at(-1);
  const pairs = pairsOf(members.slice(0, -1));
  if (!(jails instanceof Map) || pairs === null) return null;
  const entries = [...(jails as ReadonlyMap<PyValue, PyValue>)];
  const lines = ['Status', ...pairs.map(([name, item]) => `|- ${name}:\t${textOf(item)}`), '`- Status for the jails:'];
  for (const [index, [name, status]] of entries.entries()) {
    const last = index === entries.length - 1;
    lines.push(`   ${last ? '`-' : '|-'} Jail: ${pythonStr(name)}`);
    lines.push(...(jailLines(status) ?? [pythonStr(status)]).map((line) => (last ? '      ' : '   |  ') + line));
  }
  return lines.join('\n');
}

function jailLines(value: PyValue): readonly string[] | null {
  const parts = pairsOf(value);
  if (parts === null) return null;
  const lines: string[] = [];
  for (const [index, [name, member]] of parts.entries()) {
    const pairs = pairsOf(member);
    if (pairs === null) return null;
    const last = index === parts.length - 1;
    lines.push(`${last ? '`-' : '|-'} ${name}`, ...branches(pairs, last ? '   ' : '|  '));
  }
  return lines;
}

function branches(pairs: readonly Pair[], indent: string): readonly string[] {
  return pairs.map(([name, value], index) => `${indent}${index === pairs.length - 1 ? '`-' : '|-'} ${name}:\t${textOf(value)}`);
}

function textOf(value: PyValue): string {
  return Array.isArray(value) ? (value as readonly PyValue[]).map(pythonStr).join(' ') : pythonStr(value);
}
