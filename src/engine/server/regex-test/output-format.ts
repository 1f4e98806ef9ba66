/** Makes the lines that `bailiff-regex -o FORMAT` prints of a failure. */
import { pythonRepr, PyFloat, PyTuple } from '../../../model/python-repr';
import { matchedText } from '../../../model/ticket';
import { parseAddress } from '../../../model/address';
import type { CopiedValue } from '../../filter/captured';
import type { Found } from './regex-run';

function idRepr(found: Found): string {
  return found.tuple === null ? pythonRepr(found.id) : pythonRepr(new PyTuple(found.tuple));
}

const plainId = (found: Found): string => (found.tuple === null ? (found.id ?? '') : idRepr(found));

const timeOf = (found: Found): unknown => (found.time === null ? null : found.local ? new PyFloat(found.time) : found.time);

/** A captured value as Python would print it. */
function plain(value: CopiedValue | undefined): string {
  if (value === undefined || value === null) return 'None';
  return typeof value === 'string' ? value : pythonRepr(Array.isArray(value) ? new PyTuple(value as readonly string[]) : value);
}

const pythonic = (value: CopiedValue): unknown => (Array.isArray(value) ? new PyTuple(value as readonly string[]) : value);

function matchesText(found: Found): string {
  return found.matches.map(matchedText).join('\n');
}

function familyOf(found: Found): string {
  return parseAddress(found.id ?? '')?.family ?? 'None';
}

/** The address that is meant: what was captured as `ip` beside another id, else the id. */
const addressOf = (found: Found): string => plain(found.data.get('ip') ?? plainId(found));

const triples = (found: Found): readonly unknown[] =>
  found.matches.map((line) => (typeof line === 'string' ? line : new PyTuple([...line])));

function namedValues(found: Found): readonly (readonly [string, unknown])[] {
  return [...found.data].filter(([, value]) => value !== null).map(([name, value]) => [name, pythonic(value)]);
}

function tagValue(found: Found, tag: string): string | null {
  switch (tag) {
    case 'fid':
    case 'F-ID':
      return plainId(found);
    case 'ip':
      return addressOf(found);
    case 'family':
      return familyOf(found);
    case 'time':
      return plain(pythonRepr(timeOf(found)));
    case 'failures':
      return '0';
    case 'msg':
    case 'matches':
      return matchesText(found);
    case 'F-*':
      return pythonRepr(new Map([['matches', triples(found)], ['failures', 0], ...namedValues(found)]));
    default: {
      if (!tag.startsWith('F-')) return null;
      const value = found.data.get(tag.slice(2).toLowerCase());
      return value === undefined || value === null ? '' : plain(value);
    }
  }
}

function row(found: Found): string {
  const data = new Map([...found.data].map(([name, value]) => [name, pythonic(value)]));
  return `[${idRepr(found)},\t${pythonRepr(timeOf(found))},\t${pythonRepr(data)}],`;
}

/**
 * What a failure prints.
 * @param format `row`, `id`, `fid`, `ip`, `msg`, `matches`, a group's name, or a text with tags
 */
export function formatFound(found: Found, format: string): string {
  if (format.includes('<')) return format.replace(/<([^\s<>]+)>/g, (whole, tag: string) => tagValue(found, tag) ?? whole);
  switch (format) {
    case 'id':
    case 'fid':
      return plainId(found);
    case 'ip':
      return addressOf(found);
    case 'msg':
      return matchesText(found);
    case 'row':
      return row(found);
    case 'matches':
      return pythonRepr(triples(found));
    default:
      return plain(found.data.get(format));
  }
}
