#!/usr/bin/env node
/** `bailiff-regex`: tries a filter on a log, as fail2ban-regex does. */
import { forReader } from './terminal';
import { lookup } from 'node:dns/promises';
import { systemClock } from '../base/clock';
import { regexTest } from '../engine/server/regex-test/regex-test';

const names = new Map<string, Promise<readonly string[]>>();

/** Addresses of a name, each name asked once; none when it has none. */
function resolve(name: string): Promise<readonly string[]> {
  let addresses = names.get(name);
  if (addresses === undefined) {
    addresses = lookup(name, { all: true, family: 4 }).then(
      (found) => [...new Set(found.map(({ address }) => address))],
      () => [],
    );
    if (names.size > 10_000) names.clear();
    names.set(name, addresses);
  }
  return addresses;
}

let pending = '';
/** Records are printed one by one: who started us may lose patience with the next line, and wants those before it. */
const piece = process.argv.includes('--json') ? 1 : 65_536;

/** Prints in large pieces. */
function write(text: string): void {
  pending += text;
  if (pending.length < piece) return;
  process.stdout.write(forReader(pending, process.stdout));
  pending = '';
}

/** Characters of standard input that are read. */
const MOST_INPUT = 16 * 1024 * 1024;

async function input(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > MOST_INPUT) break;
  }
  return text.slice(0, MOST_INPUT);
}

const progress = process.stderr.isTTY ? (percent: number): void => void process.stderr.write(`\r${percent}%\x1b[K\r`) : null;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void regexTest(process.argv.slice(2), { write, clock: systemClock, resolve, progress, input }).then((code) => {
  process.exitCode = code;
  process.stdout.write(forReader(pending, process.stdout));
});
