/** Pickles between Python's own module and ours, in both directions and in all protocols. */
import { decodePickle } from '../../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../../src/contracts/socket/pickle-encode';
import { PyFloat, PyTuple, pythonRepr } from '../../../src/model/python-repr';
import type { PyValue } from '../../../src/model/python-repr';
import { runProgram } from '../../support/stock-server';

const PYTHON = '/usr/bin/python3';

/** Python literals that both sides must agree on; repr() is the judge. */
const LITERALS = [
  'None',
  'True',
  '[True, False, None]',
  '0',
  '[1, 255, 256, 65535, 65536, 2147483647, 2147483648, -1, -129, -2147483648, -2147483649]',
  '[9007199254740991, 9007199254740993, -9007199254740993, 2**63, 2**64, -(2**64), 10**30, -(10**30), 10**300]',
  '[0.0, 1.0, -2.5, 1e16, 1e22, 1e-05, 0.0001, 1.5e300, 123456789012345.6, 0.1, float("inf"), -float("inf")]',
  '""',
  '"ping"',
  '"it\'s"',
  '\'say "hi"\'',
  "'both \\' and \"'",
  '"tab\\t newline\\n return\\r back\\\\slash \\x00 \\x7f \\x85 \\xa0 \\xad"',
  '"\\u2028 \\u200b \\ufeff \\u00fc \\u6f22 \\U0001f642 \\U000e0001 \\udc80"',
  '"x" * 300',
  '"\\u00fc" * 70000',
  'b""',
  "b'\\x00\\xff it\\'s'",
  'b"y" * 300',
  '[]',
  '()',
  '(1,)',
  '(1, 2)',
  '(1, 2, 3)',
  '(1, 2, 3, 4)',
  '{}',
  'set()',
  "{'only'}",
  "{'10': 1, '9': [2], 'j1': {'a': ('b',)}, 5: None, (1, 2): 'tuple'}",
  "[('Number of jail', 2), ('Jail list', 'a, b')]",
  'list(range(3000))',
  '[["a"] * 5] * 3',
  "(1, Exception('Invalid command'))",
  "(1, KeyError('x'))",
  "OSError(5, 'Input/output error')",
  'ValueError()',
];

const DUMP = `
import json, pickle, sys
for literal in json.load(sys.stdin):
    value = eval(literal)
    print(json.dumps([repr(value), str(value).encode('utf-8', 'surrogatepass').hex(), [pickle.dumps(value, p).hex() for p in range(6)]]))
`;

const LOAD = `
import json, pickle, sys
for line in json.load(sys.stdin):
    print(json.dumps(repr(pickle.loads(bytes.fromhex(line)))))
`;

describe('pickles made by Python', () => {
  const said = runProgram(PYTHON, ['-c', DUMP], JSON.stringify(LITERALS));
  const rows = said.stdout.trim().split('\n');

  it.each(LITERALS.map((literal, index) => [literal.slice(0, 60), index] as const))('%s reads the same in protocols 0 to 5', (_, index) => {
    const [repr, , pickles] = JSON.parse(rows[index] ?? '') as [string, string, string[]];
    expect(pickles).toHaveLength(6);
    for (const pickle of pickles) expect(pythonRepr(decodePickle(Buffer.from(pickle, 'hex')))).toBe(repr);
  });

  it('goes back to Python unchanged', () => {
    const ours = rows.map((row) => {
      const pickles = (JSON.parse(row) as [string, string, string[]])[2];
      return encodePickle(decodePickle(Buffer.from(pickles[5] ?? '', 'hex'))).toString('hex');
    });
    const back = runProgram(PYTHON, ['-c', LOAD], JSON.stringify(ours));
    const expected = rows.map((row) => (JSON.parse(row) as [string])[0]);
    expect(
      back.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string),
    ).toEqual(expected);
  });
});

describe('what may not be in a pickle', () => {
  const dumped = (code: string): Buffer => {
    const said = runProgram(PYTHON, ['-c', `import pickle,sys,os,datetime,collections\n${code}\nsys.stdout.write(pickle.dumps(v).hex())`]);
    expect(said.stderr).toBe('');
    return Buffer.from(said.stdout, 'hex');
  };

  it.each([
    ['a function', 'v = os.system'],
    ['a function in a list', 'v = ["ping", os.system]'],
    ['a call', 'class X:\n  def __reduce__(self): return (os.system, ("true",))\nv = X()'],
    ['a call of eval', 'class X:\n  def __reduce__(self): return (eval, ("1",))\nv = X()'],
    ['an object', 'v = datetime.datetime(2020, 1, 1)'],
    ['a class', 'v = Exception'],
    ['a list that contains itself', 'v = []\nv.append(v)'],
    ['a dict that contains itself', 'v = {}\nv["v"] = v'],
    ['nesting without end', 'v = []\nfor i in range(200): v = [v]'],
    ['a value that grows when it is written out', 'v = ["x" * 1000]\nfor i in range(30): v = [v, v, v]'],
    ['an integer of thousands of digits', 'v = 10 ** 5000'],
    ['a bytearray', 'v = bytearray(b"x")'],
    ['an ordered dict', 'v = collections.OrderedDict()'],
  ])('%s is refused', (_, code) => {
    expect(() => decodePickle(dumped(code))).toThrow(/not a message of fail2ban/);
  });

  it('reads an exception that carries attributes, and leaves them out', () => {
    const bytes = dumped('import re\ntry: re.compile("(")\nexcept Exception as e: v = e');
    expect(decodePickle(bytes)).toMatchObject({ exception: { name: 'error', args: [expect.stringContaining('missing )')] } });
  });
});

describe('pickles for Python', () => {
  it('makes exceptions that fail2ban’s client knows, floats that stay floats, and numbers of any size', () => {
    const values: PyValue[] = [
      { exception: { module: 'fail2ban.exceptions', name: 'UnknownJailException', args: ['j'] } },
      new PyTuple([1, { exception: { module: 'builtins', name: 'FileNotFoundError', args: [2, 'No such file', '/p'] } }]),
      [new PyFloat(2), 2, 0.5, -0.5, 2 ** 31, -(2 ** 31), 2 ** 53, 10n ** 40n],
      { plain: new Set(['a']), 'with bytes': Buffer.from('b') },
    ];
    const said = runProgram(PYTHON, ['-c', LOAD], JSON.stringify(values.map((value) => encodePickle(value).toString('hex'))));
    expect(
      said.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string),
    ).toEqual([
      "UnknownJailException('j')",
      "(1, FileNotFoundError(2, 'No such file'))",
      '[2.0, 2, 0.5, -0.5, 2147483648, -2147483648, 9007199254740992, 10000000000000000000000000000000000000000]',
      "{'plain': {'a'}, 'with bytes': b'b'}",
    ]);
  });

  it('refuses to write what is nested without end', () => {
    const endless: PyValue[] = [];
    endless.push(endless);
    expect(() => encodePickle(endless)).toThrow(/nested too deeply/);
  });
});
