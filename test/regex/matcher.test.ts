import { AppError } from '../../src/base/errors';
import { compilePattern } from '../../src/regex/compile';

const own = (source: string, budget?: number) =>
  compilePattern(source, { way: 'own', offsets: true, ...(budget === undefined ? {} : { budget }) });

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'done';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('our own matcher', () => {
  test('keeps what a group took in an earlier round', () => {
    const match = own('(?:user=(?P<user>\\w+)|\\w+=\\w+|,)*;').search('a=b,user=root,c=d;')!;
    expect(match.group('user')).toBe('root');
  });

  test('forgets what a group took on a way that was given up', () => {
    expect(own('(?:(a)b|ac)').search('ac')!.group(1)).toBeNull();
    expect(own('(?:(?=(a))ab|ac)').search('ac')!.group(1)).toBeNull();
    expect(own('(?!(a)b)ac').search('ac')!.group(1)).toBeNull();
  });

  test('refuses a back reference to a group that is not set', () => {
    expect(own('(?:(a)|b)\\1').search('b')).toBeNull();
    expect(own('(?i)(é)\\1').test('éÉ')).toBe(true);
  });

  test('ends a loop at an empty round', () => {
    expect(own('(a*)*').search('aab')!.span(1)).toEqual([2, 2]);
    expect(own('(?:|a)*').search('aa')!.end).toBe(0);
    expect(own('(?:a|)*?b').search('aab')!.end).toBe(3);
  });

  test('never goes back into an atomic group', () => {
    expect(own('(?>a+)ab').test('aaab')).toBe(false);
    expect(own('a*+a').test('aaa')).toBe(false);
    expect(own('(?>(a)|b)+c').search('abc')!.group(1)).toBe('a');
  });

  test('gives up when the budget is spent', () => {
    expect(codeOf(() => own('(?:a+)+(?:a+)+(?:a+)+b').test('a'.repeat(5000)))).toBe('REGEX_BUDGET');
    expect(codeOf(() => own('(?:a|aa)*b').test('a'.repeat(64)))).toBe('REGEX_BUDGET');
    expect(codeOf(() => own('a*b', 10).test('a'.repeat(64)))).toBe('REGEX_BUDGET');
    expect(codeOf(() => own('a*b').test(`${'a'.repeat(64)}b`))).toBe('done');
  });

  test('gives up when memory would grow without bound', () => {
    expect(codeOf(() => own('(?:(a)|b)*c', 1e9).test('ab'.repeat(2_000_000)))).toBe('REGEX_BUDGET');
  });

  test('takes a long line in its stride', () => {
    const line = `${'x y=z '.repeat(11_000)}end`;
    expect(own('^(?:(\\w)|[ =])*end$').search(line)!.end).toBe(line.length);
    expect(own('^.*end$').search(line)!.end).toBe(line.length);
    expect(own('^.*?end$').search(line)!.end).toBe(line.length);
  });
});
