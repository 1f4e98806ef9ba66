/** Which options are secret, and texts without the values of these. */
import { isSecretName, secretValues, withoutSecrets, withoutSecretWords, withoutValues } from '../../src/model/secret';

test.each(['abuseipdb_apikey', 'cftoken', 'mnwpass', 'password', 'API-KEY', 'client_secret', 'ipthreat_apikey', 'smtp_passwd'])(
  '%s is a secret',
  (name) => expect(isSecretName(name)).toBe(true),
);

test.each(['_bypass', '_bypass_if_restored', 'keyfile', 'cfuser', 'actionban', 'port', 'token_url'])('%s is none', (name) =>
  expect(isSecretName(name)).toBe(false),
);

test('values are taken out of texts of files, whoever quotes them', () => {
  expect(
    withoutSecrets(
      `action = a[x_apikey="s3cret, [x]", b=c, cftoken=abcd1, d=e]\npassword = geheim\nx_apikey?family=inet6 = v6v6\nkeyfile = /k\n`,
    ),
  ).toBe(`action = a[x_apikey="***", b=c, cftoken=***, d=e]\npassword = ***\nx_apikey?family=inet6 = ***\nkeyfile = /k\n`);
  expect(withoutSecrets("a[t_token='x y']\npassword =\nport = 22\n")).toBe("a[t_token='***']\npassword =\nport = 22\n");
});

test('values are taken out of any text, the longest first; short ones are left', () => {
  const values = secretValues(['abc', 'abcd', 'abcdef', 'abcd', '    ']);
  expect(values).toEqual(['abcdef', 'abcd']);
  expect(withoutValues('abc abcdef abcde', values)).toBe('abc *** ***e');
});

test('words behind the name of a secret are taken out of commands, nested ones too', () => {
  const taken: string[] = [];
  const command = [
    'multi-set',
    'j',
    'action',
    'a',
    [
      ['cftoken', 'xyzw'],
      ['port', '22'],
    ],
    'mnwpass',
    7,
  ];
  expect(withoutSecretWords(command, taken)).toEqual([
    'multi-set',
    'j',
    'action',
    'a',
    [
      ['cftoken', '***'],
      ['port', '22'],
    ],
    'mnwpass',
    7,
  ]);
  expect(taken).toEqual(['xyzw']);
});
