/** The stand-alone log-in: a password or the one-time link; failures are limited per client and told to the log that a jail of ours reads. */
import type { Clock } from '../../base/clock';
import { sameSecret } from './csrf';
import { type Credentials, NOBODY, verifyPassword } from './password';
import { RateLimit } from './rate-limit';

export type LoginResult = { readonly kind: 'ok' } | { readonly kind: 'failed' } | { readonly kind: 'wait'; readonly seconds: number };

/** What the log-in page asks. */
export interface LoginDoor {
  readonly hasPassword: boolean;
  withPassword(client: string, user: string, password: string): Promise<LoginResult>;
  /** The link's token works once. */
  withToken(client: string, token: string): LoginResult;
  /** Seconds that a client has to wait after too many failures; 0 when it need not. */
  waitFor(client: string): number;
  /** Counts and tells a wrong token of the API. */
  refuseToken(client: string): void;
}

export interface LoginSettings {
  /** Who may log in with a password, asked at each attempt; null while no password has been set. */
  readonly credentials: () => Credentials | null;
  /** The one-time link's token; null when there is no link. */
  readonly token: string | null;
  readonly clock: Clock;
  /** Takes one line, without its newline. */
  readonly writeLog: (line: string) => void;
}

/** At most so many passwords are checked at once: each takes 16 MiB. */
const MAX_CHECKS = 4;
const MAX_USER = 64;

/** A user name as the log shows it: short, and without a character that could end the quotes, the line or look like another field. */
export function loggedName(user: string): string {
  const text = user.length > MAX_USER ? `${user.slice(0, MAX_USER)}+` : user;
  return text.replace(
    /[^A-Za-z0-9@_+-]/g,
    (char) => `%${[...Buffer.from(char)].map((byte) => byte.toString(16).padStart(2, '0')).join('%')}`,
  );
}

/** The line of a failed log-in; the filter `bailiff-login` reads exactly this. The address stands before anything that the client chose. */
export function failedLoginLine(now: number, client: string, user: string): string {
  return `${new Date(now * 1000).toISOString()} bailiff-web: failed log-in from ${client} as "${loggedName(user)}"`;
}

export class Login implements LoginDoor {
  private readonly limit = new RateLimit();
  private token: string | null;
  private checks = 0;

  constructor(private readonly settings: LoginSettings) {
    this.token = settings.token;
  }

  get hasPassword(): boolean {
    return this.settings.credentials() !== null;
  }

  async withPassword(client: string, user: string, password: string): Promise<LoginResult> {
    const { clock } = this.settings;
    const seconds = this.limit.wait(client, clock.now());
    if (seconds > 0) return { kind: 'wait', seconds };
    if (this.checks >= MAX_CHECKS) return { kind: 'wait', seconds: 1 };
    this.checks += 1;
    try {
      const credentials = this.settings.credentials();
      const candidate = credentials !== null && sameSecret(user, credentials.user) ? credentials : NOBODY;
      const right = await verifyPassword(password, candidate.hash);
      if (!right) return this.refuse(client, user);
      this.limit.succeeded(client);
      return { kind: 'ok' };
    } finally {
      this.checks -= 1;
    }
  }

  withToken(client: string, token: string): LoginResult {
    const seconds = this.limit.wait(client, this.settings.clock.now());
    if (seconds > 0) return { kind: 'wait', seconds };
    if (this.token === null || !sameSecret(token, this.token)) return this.refuse(client, 'one-time-link');
    this.token = null;
    return { kind: 'ok' };
  }

  waitFor(client: string): number {
    return this.limit.wait(client, this.settings.clock.now());
  }

  refuseToken(client: string): void {
    this.refuse(client, 'api-token');
  }

  private refuse(client: string, user: string): LoginResult {
    const now = this.settings.clock.now();
    this.limit.failed(client, now);
    this.settings.writeLog(failedLoginLine(now, client, user));
    return { kind: 'failed' };
  }
}
