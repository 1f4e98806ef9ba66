/** `run-socket.ts SEED INPUTS WORKERS WORKER [CONNECTION]`: hostile bytes on the socket of our engine; each message is answered, the server lives, and its memory and time stay bounded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { SocketClient } from '../../src/contracts/socket/client';
import { FrameReader } from '../../src/contracts/socket/framing';
import { decodePickle } from '../../src/contracts/socket/pickle-decode';
import { PyTuple, type PyValue } from '../../src/model/python-repr';
import { temporaryFolder } from '../support/folder';
import { isEnough, only, seed, worker, workers } from './asked';
import type { Tally } from './run-filters';
import { drawConnection, type HostileConnection } from './socket-inputs';

/** Connections between two looks at the server. */
const STEP = 40;
const AT_ONCE = 4;
/** Seconds in which a connection must be answered and closed: the machine may be busy. */
const PATIENCE = 60;
/** MiB that the server may take, its programs and what a message may be included. */
const MEMORY = 900;

/** The server in a process of its own. */
class Target {
  readonly socket: string;
  private readonly folder = temporaryFolder('bailiff-fuzz-');
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    this.socket = path.join(this.folder.path, 'f2b.sock');
    const files = ['test/support/typescript.mjs', 'test/fuzz/socket-server.ts'].map((file) => path.resolve(__dirname, '../..', file));
    this.child = spawn(process.execPath, ['--max-old-space-size=512', ...files, this.socket], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Its memory in MiB and its longest pause since the last look in milliseconds; null when it is gone. */
  async look(): Promise<{ readonly rss: number; readonly pause: number } | null> {
    this.child.stdin!.write('look\n');
    const line = await this.lines.next();
    return line.done === true ? null : (JSON.parse(line.value) as { rss: number; pause: number });
  }

  end(): void {
    this.child.stdin!.end();
    this.child.once('exit', () => this.folder.remove());
  }
}

interface Heard {
  readonly answers: readonly PyValue[];
  readonly late: boolean;
}

/** Sends what a connection sends and listens until it is closed. */
function attack(socketPath: string, { chunks, torn }: HostileConnection): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    const reader = new FrameReader();
    const answers: PyValue[] = [];
    const timer = setTimeout(() => finish(true), PATIENCE * 1000);
    const finish = (late: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ answers, late });
    };
    socket.on('error', () => undefined);
    socket.on('close', () => finish(false));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      for (let message = reader.next(); message !== null; message = reader.next()) answers.push(decodePickle(message));
    });
    /** Kept when more can be sent, or nothing ever again. */
    const room = (): Promise<void> =>
      new Promise((go) => {
        const done = (): void => {
          socket.off('drain', done).off('close', done);
          go();
        };
        socket.on('drain', done).on('close', done);
      });
    const send = async (): Promise<void> => {
      for (const chunk of chunks) {
        if (socket.destroyed) return;
        if (!socket.write(chunk)) await room();
      }
      if (torn) socket.destroy();
      else socket.end();
    };
    socket.once('connect', () => void send());
  });
}

function isAnswer(value: PyValue): boolean {
  if (typeof value === 'string') return value.startsWith('ERROR: ');
  return value instanceof PyTuple && value.items.length === 2 && (value.items[0] === 0 || value.items[0] === 1);
}

/** What is wrong with how a connection was treated; null when nothing is. */
function faultOf({ what, answers: due, torn }: HostileConnection, { answers, late }: Heard): string | null {
  if (late) return `no end within ${PATIENCE} seconds`;
  const odd = answers.find((answer) => !isAnswer(answer));
  if (odd !== undefined) return `an answer of another kind: ${JSON.stringify(odd)?.slice(0, 300)}`;
  if (what === 'bomb' && answers.length !== 1) return `${answers.length} answers to one message`;
  if (what === 'endless' && answers.length > 0) return 'an answer to a message without an end';
  if (due !== null && !torn && answers.length !== due) return `${answers.length} answers to ${due} messages`;
  return null;
}

async function main(): Promise<void> {
  const target = new Target();
  const client = new SocketClient({ path: target.socket, timeout: PATIENCE });
  const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };
  const most = { rss: 0, pause: 0 };
  await target.look();
  let number = only < 0 ? worker : only;
  while (!isEnough(sums.pairs) && (only < 0 || number === only)) {
    const different: string[] = [];
    const numbers = Array.from({ length: only < 0 ? STEP : 1 }, (_, index) => number + index * workers);
    number += numbers.length * workers;
    const queue = [...numbers];
    const run = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const connection = drawConnection(seed, next);
        const heard = await attack(target.socket, connection);
        const fault = faultOf(connection, heard);
        sums.pairs += connection.inputs;
        sums.failures += heard.answers.filter((answer) => typeof answer === 'string').length;
        if (fault === null) sums.same += connection.inputs;
        else different.push(`--seed ${seed} connection ${next} (${connection.what}): ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, run));
    const pong = await client.send(['ping']).catch((error: unknown) => String(error));
    if (pong !== 'pong')
      different.push(`--seed ${seed} connections ${numbers[0]} to ${numbers.at(-1)}: the server does not answer any more: ${String(pong)}`);
    const seen = await target.look();
    if (seen === null) different.push(`--seed ${seed} connections ${numbers[0]} to ${numbers.at(-1)}: the server has ended`);
    most.rss = Math.max(most.rss, seen?.rss ?? 0);
    most.pause = Math.max(most.pause, seen?.pause ?? 0);
    if (most.rss > MEMORY)
      different.push(`--seed ${seed} connections ${numbers[0]} to ${numbers.at(-1)}: the server takes ${most.rss} MiB`);
    console.log(JSON.stringify({ ...sums, different, most } satisfies Tally));
    if (seen === null) break;
  }
  target.end();
}

void main();
