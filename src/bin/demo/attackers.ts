/** Invents attackers and visitors and the lines that they leave in logs; all addresses are of the networks reserved for documentation. */

/** A line that somebody left. */
export interface DemoLine {
  /** File name in the demo's log folder. */
  readonly log: 'auth.log' | 'panel.log' | 'maillog' | 'access_log';
  readonly text: string;
}

export type Random = () => number;

export type Service = 'ssh' | 'wordpress' | 'dovecot' | 'postfix' | 'panel';
const SERVICES: readonly Service[] = ['ssh', 'ssh', 'ssh', 'wordpress', 'wordpress', 'dovecot', 'postfix', 'panel'];
const USERS = ['root', 'admin', 'oracle', 'postgres', 'test', 'ubuntu', 'git', 'info', 'support', 'backup', 'ftpuser', 'jenkins'];
const DOMAINS = ['example.com', 'example.net', 'example.org'];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'python-requests/2.31.0',
  'Mozilla/5.0 (compatible)',
];
const PAGES = ['/', '/index.php', '/shop/', '/wp-content/themes/a/style.css', '/contact', '/favicon.ico', '/blog/?p=17'];
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}

function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** Somebody's address; every sixth is IPv6. */
export function inventAddress(random: Random): string {
  const group = (): string => between(random, 1, 0xffff).toString(16);
  return random() < 1 / 6 ? `2001:db8:${group()}::${group()}` : `${pick(random, NETWORKS)}.${between(random, 1, 254)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

interface Stamps {
  readonly syslog: string;
  readonly web: string;
  readonly panel: string;
}

/** A time as the three kinds of log write it, in the zone of this machine. */
function stamps(time: number): Stamps {
  const date = new Date(time * 1000);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const month = MONTHS[date.getMonth()]!;
  return {
    syslog: `${month} ${String(date.getDate()).padStart(2, ' ')} ${clock}`,
    web: `${two(date.getDate())}/${month}/${date.getFullYear()}:${clock} ${zone}`,
    panel: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`,
  };
}

/** What a failed attempt at a service leaves in its log. */
export function attackLine(service: Service, address: string, time: number, random: Random): DemoLine {
  const at = stamps(time);
  const user = pick(random, USERS);
  const mailbox = `${user}@${pick(random, DOMAINS)}`;
  const pid = between(random, 1000, 32000);
  switch (service) {
    case 'ssh': {
      const name = user === 'root' ? 'root' : `invalid user ${user}`;
      return {
        log: 'auth.log',
        text: `${at.syslog} demo sshd[${pid}]: Failed password for ${name} from ${address} port ${between(random, 1025, 65535)} ssh2`,
      };
    }
    case 'wordpress': {
      const script = random() < 0.7 ? 'wp-login.php' : 'xmlrpc.php';
      return {
        log: 'access_log',
        text: `${address} - - [${at.web}] "POST /${script} HTTP/1.1" 200 ${between(random, 400, 9000)} "-" "${pick(random, AGENTS)}"`,
      };
    }
    case 'dovecot': {
      const session = between(random, 1e8, 9e8).toString(36);
      const text = `dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<${mailbox}>, method=PLAIN, rip=${address}, lip=192.0.2.10, TLS, session=<${session}>`;
      return { log: 'maillog', text: `${at.syslog} demo ${text}` };
    }
    case 'postfix':
      return {
        log: 'maillog',
        text: `${at.syslog} demo postfix/smtpd[${pid}]: warning: unknown[${address}]: SASL LOGIN authentication failed: authentication failure`,
      };
    case 'panel':
      return {
        log: 'panel.log',
        text: `[${at.panel}] ERR [panel] [Action Log] Failed login attempt with login '${user}' from IP ${address}`,
      };
  }
}

/** What ordinary people leave: nothing that a jail counts. */
export function innocentLine(time: number, random: Random): DemoLine {
  const at = stamps(time);
  const address = inventAddress(random);
  const pid = between(random, 1000, 32000);
  switch (between(random, 0, 5)) {
    case 0:
      return {
        log: 'auth.log',
        text: `${at.syslog} demo sshd[${pid}]: Accepted publickey for deploy from ${address} port ${between(random, 1025, 65535)} ssh2: ED25519 SHA256:demo`,
      };
    case 1: {
      const user = `anna@${pick(random, DOMAINS)}`;
      return {
        log: 'maillog',
        text: `${at.syslog} demo dovecot: imap-login: Login: user=<${user}>, method=PLAIN, rip=${address}, lip=192.0.2.10, mpid=${pid}, TLS`,
      };
    }
    case 2:
      return { log: 'access_log', text: `${address} - - [${at.web}] "POST /wp-login.php HTTP/1.1" 302 0 "-" "${AGENTS[0]!}"` };
    default:
      return {
        log: 'access_log',
        text: `${address} - - [${at.web}] "GET ${pick(random, PAGES)} HTTP/1.1" 200 ${between(random, 200, 60000)} "-" "${AGENTS[0]!}"`,
      };
  }
}

/** Somebody who tries a service again and again. */
export interface Attacker {
  readonly service: Service;
  readonly address: string;
  /** Seconds between two attempts, about. */
  readonly pace: number;
  attemptsLeft: number;
  nextAt: number;
}

/** Most go on until they are banned; some are people who forgot their password, and stop in time. */
export function inventAttacker(now: number, random: Random): Attacker {
  const forgetful = random() < 0.25;
  return {
    service: pick(random, SERVICES),
    address: inventAddress(random),
    pace: forgetful ? 4 : 0.3 + random() * 1.2,
    attemptsLeft: forgetful ? between(random, 1, 2) : between(random, 5, 9),
    nextAt: now + random(),
  };
}
