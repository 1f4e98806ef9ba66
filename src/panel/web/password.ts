/** A password as it is kept: scrypt with a salt of its own, as one line of text; and the check of a given password against it. */
import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

/** OWASP's advice for scrypt: 16 MiB of memory, five times over. */
const COST: Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>> = { N: 16384, r: 8, p: 5 };
const KEY_LENGTH = 32;

/** Who may log in: `user` and the hash of the password. */
export interface Credentials {
  readonly user: string;
  readonly hash: string;
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_LENGTH, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** `scrypt$N$r$p$salt$key` in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** True when the password is the one that was hashed. A hash that is not ours is nobody's. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt = '', key = ''] = hash.split('$');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const known = scheme === 'scrypt' && cost.N <= 65536 && cost.r <= 8 && cost.p <= 16;
  const expected = Buffer.from(key, 'base64');
  if (!known || expected.length !== KEY_LENGTH) return false;
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), cost), expected);
}

/** What is checked when nobody's password fits, so that the time tells no user name. */
export const NOBODY: Credentials = {
  user: '',
  hash: `scrypt$${COST.N}$${COST.r}$${COST.p}$AAAAAAAAAAAAAAAAAAAAAA==$${Buffer.alloc(KEY_LENGTH).toString('base64')}`,
};
