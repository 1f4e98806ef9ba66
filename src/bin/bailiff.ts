#!/usr/bin/env node
/** The program for people: `bailiff start` runs engine and pages, `setup` and `password` prepare them, all other verbs ask and steer a server. */
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { systemClock } from '../base/clock';
import { spawnDetached } from '../base/process-detached';
import { createLogger } from '../base/logger';
import { createEngineControl } from '../panel/control/engine-control';
import { isStanding, runStanding } from './start/standing';
import { confirmOn } from './verbs/confirm';
import { createGuard } from './verbs/guard';
import { type NamedFiles, readInput, writeOutput } from './verbs/files';
import { isFromPanel, onlyStandard, placeWords, refusePlaces, refuseStanding } from './verbs/panel-door';
import { placeOf } from './verbs/place';
import { printable } from '../base/steering';
import { createProgress } from './verbs/progress';
import { runCommandLine, tellError } from './verbs/run';
import { TAKE_BACK } from './verbs/take-back';
import type { Given } from './verbs/verb';
import { actorOf, type CliWorld, createCliWorld } from './verbs/world';

const PROJECT = path.resolve(__dirname, '..', '..');

const FILES: NamedFiles = { read: readInput, write: writeOutput };

const output = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
};

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (isStanding(argv)) return isFromPanel(env) ? refuseStanding(argv.join(' ').slice(0, 80)) : runStanding(argv, env, PROJECT);
  // The clock's timers keep no process alive: this does while a verb is under way.
  const awake = new MessageChannel();
  awake.port1.ref();
  try {
    return await runCommandLine(argv, (options) => openWorld(options, env), output);
  } finally {
    awake.port1.close();
  }
}

function openWorld(options: Given, env: NodeJS.ProcessEnv): CliWorld {
  const fromPanel = isFromPanel(env);
  if (fromPanel) refusePlaces(options);
  const place = placeOf(options, env);
  const warn = (text: string): void => output.stderr(`bailiff: ${printable(text)}\n`);
  return createCliWorld(place, {
    control: createEngineControl({ socket: place.socket, conf: place.confdir }),
    clock: systemClock,
    logger: createLogger(({ level, message }) => {
      if (level !== 'INFO') warn(`${level}: ${message}`);
    }),
    actor: actorOf(env),
    progress: createProgress({ clock: systemClock, write: output.stderr, terminal: process.stderr.isTTY }),
    guard: createGuard(warn),
    confirmed: confirmOn(process.stdin, warn, systemClock),
    watch: () => void spawnDetached(process.execPath, [__filename, TAKE_BACK, ...placeWords(options)]),
    ...(fromPanel ? onlyStandard(FILES) : FILES),
    warn,
  });
}

// Whoever reads us may stop reading (`bailiff banned | head`): what was to be done is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
}

void main(process.argv.slice(2), process.env)
  .catch((error: unknown) => tellError(error, output))
  .then((code) => {
    process.exitCode ??= code;
  });
