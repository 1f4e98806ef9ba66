/** Tags from properties: recursion, composites, family variants, limits. */
import fc from 'fast-check';
import { replaceTags } from '../../../src/engine/action/tags';
import { hasFamilyVariants, isTrue, propertyMap, staticCommands } from '../../../src/engine/action/static-tags';
import { actionConfig } from '../../support/actions';
import type { Family } from '../../../src/engine/action/static-tags';

const HOSTS = { full: 'host.example.com', short: 'host' };
const from =
  (values: Readonly<Record<string, string>>) =>
  (tag: string): string | null =>
    Object.hasOwn(values, tag) ? values[tag]! : null;
const command = (properties: Readonly<Record<string, string | number | boolean | null>>, family: Family = ''): string =>
  staticCommands(propertyMap(actionConfig(properties)), HOSTS).command('actionban', family, false);

describe('replaceTags', () => {
  it('finds innermost tags first, so that a tag can be made of tags', () => {
    expect(replaceTags('<n<one>>-<one>', from({ one: '1', n1: 'value' }))).toBe('value-1');
    expect(replaceTags('<a<b<c>>>', from({ c: '1', b1: '2', a2: 'end' }))).toBe('end');
  });

  it('leaves alone what nobody knows', () => {
    expect(replaceTags('cat <ip> < file > out <<END <a b>', from({}))).toBe('cat <ip> < file > out <<END <a b>');
  });

  it('inserts values as they are, with dollars and all', () => {
    expect(replaceTags('x<v>', from({ v: "$&$1$$$'" }))).toBe("x$&$1$$$'");
  });

  it.each([
    ['its own name', { a: '<a>' }],
    ['a circle', { a: '<b>', b: '<a>' }],
    ['a growing circle', { a: '<a><a>' }],
    ['a circle through a composite', { a: '<x<k>>', k: '1', x1: '<a>' }],
  ])('refuses %s', (_name, values) => {
    expect(() => replaceTags('<a>', from(values))).toThrow(/self referencing|longer than/);
  });

  it('refuses a text that grows without end', () => {
    const values = Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`t${n}`, `<t${n + 1}><t${n + 1}>`]));
    expect(() => replaceTags('<t0>', from({ ...values, t24: 'x'.repeat(1000) }))).toThrow(/longer than|self referencing/);
  });

  it('always ends, with all known tags gone or an error', () => {
    const texts = fc
      .array(fc.constantFrom('<a>', '<b>', '<c>', '<', '>', 'a', 'b', ' ', 'x'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, texts, (text, a, b) => {
        const lookup = from({ a, b });
        let result: string;
        try {
          result = replaceTags(text, lookup);
        } catch (error) {
          expect((error as Error).message).toMatch(/self referencing|longer than/);
          return;
        }
        expect(result).not.toMatch(/<[ab]>/);
      }),
    );
  });
});

describe('staticCommands', () => {
  it('takes the variant of the family, also inside other properties', () => {
    const properties = { actionban: '<tool> <ip>', tool: '<bin> -w', bin: 'iptables', 'bin?family=inet6': 'ip6tables' };
    expect(command(properties, 'inet4')).toBe('iptables -w <ip>');
    expect(command(properties, 'inet6')).toBe('ip6tables -w <ip>');
    expect(command(properties, 'None')).toBe('iptables -w <ip>');
  });

  it('prints values as Python does', () => {
    expect(command({ actionban: '<yes> <no> <none> <number>', yes: true, no: false, none: null, number: 5 })).toBe('True False None 5');
  });

  it('knows line break, space and the names of the host', () => {
    expect(command({ actionban: '<br>|<sp>|<fq-hostname>|<sh-hostname>' })).toBe('\n| |host.example.com|host');
  });

  it('leaves to the ticket what is the ticket’s, whatever properties say', () => {
    expect(
      command({
        actionban: '<matches> <ipmatches> <ipjailmatches> <bantime>',
        matches: 'x',
        ipmatches: 'x',
        ipjailmatches: 'x',
        bantime: 5,
      }),
    ).toBe('<matches> <ipmatches> <ipjailmatches> <bantime>');
  });

  it('has a default time limit as a tag, which a property overrides', () => {
    expect(command({ actionban: '<timeout>' })).toBe('60');
    expect(command({ actionban: '<timeout>', timeout: 5 })).toBe('5');
  });

  it('replaces <family> only in commands without a ticket', () => {
    const commands = staticCommands(propertyMap(actionConfig({ actionstart: 'start <family>' })), HOSTS);
    expect(commands.command('actionstart', 'inet6', true)).toBe('start inet6');
    expect(commands.command('actionstart', 'inet6', false)).toBe('start <family>');
    expect(commands.command('actionstart', '', true)).toBe('start ');
    expect(commands.command('actionnone', '', true)).toBe('');
  });
});

test('words that mean yes, and properties that differ by family', () => {
  for (const word of ['1', 'on', 'TRUE', ' yes ']) expect(isTrue(word)).toBe(true);
  for (const word of ['0', 'y', 't', '', undefined]) expect(isTrue(word)).toBe(false);
  expect(hasFamilyVariants(propertyMap(actionConfig({ a: 1, 'a?family=inet6': 2 })))).toBe(true);
  expect(hasFamilyVariants(propertyMap(actionConfig({ a: 1 })))).toBe(false);
});
