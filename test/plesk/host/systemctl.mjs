#!/usr/bin/node
// The stand-in for systemctl and journalctl where no systemd runs: starts what a unit file says, honours Conflicts= and the folders, and knows what runs.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RUN = '/run/stand-in';
const FOLDERS = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system'];
const WANTS = '/etc/systemd/system/multi-user.target.wants';
mkdirSync(RUN, { recursive: true });

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('-'));
const unitName = (name) => (/\.\w+$/.test(name) ? name : `${name}.service`);

function fileOf(unit) {
  return FOLDERS.map((folder) => path.join(folder, unit)).find(existsSync);
}

function settings(unit) {
  const all = new Map();
  for (const line of readFileSync(fileOf(unit), 'utf8').split('\n')) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) all.set(name, [...(all.get(name) ?? []), value]);
  }
  return all;
}

const pidFile = (unit) => path.join(RUN, `${unit}.pid`);
const logFile = (unit) => path.join(RUN, `${unit}.log`);

function pidOf(unit) {
  if (!existsSync(pidFile(unit))) return null;
  const pid = readFileSync(pidFile(unit), 'utf8').trim();
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
    return state === 'Z' ? null : Number(pid);
  } catch {
    return null;
  }
}

function note(unit, text) {
  appendFileSync(logFile(unit), `${new Date().toISOString()} systemd: ${text}\n`);
}

/** Signals a unit's process and waits until it is gone. */
async function stop(unit) {
  const pid = pidOf(unit);
  if (pid === null) return;
  const command = settings(unit).get('ExecStop')?.[0];
  if (command !== undefined) await run(unit, command);
  else process.kill(pid, 'SIGTERM');
  for (let waited = 0; pidOf(unit) !== null && waited < 60; waited += 0.05) await sleep(50);
  if (pidOf(unit) !== null) process.kill(pid, 'SIGKILL');
  note(unit, `Stopped ${unit}.`);
  for (const folder of settings(unit).get('RuntimeDirectory') ?? []) rmSync(path.join('/run', folder), { recursive: true, force: true });
}

function commandLine(text) {
  return text.replace(/^[-+!@:]+/, '').split(/\s+/);
}

function environment() {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
}

function run(unit, text) {
  const [program, ...args] = commandLine(text);
  const log = openSync(logFile(unit), 'a');
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', log, log], env: environment(), cwd: '/' });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function start(unit) {
  if (pidOf(unit) !== null) return 0;
  const file = settings(unit);
  for (const other of (file.get('Conflicts') ?? []).flatMap((line) => line.split(/\s+/)))
    if (fileOf(other) !== undefined) await stop(other);
  // A conflict holds both ways.
  for (const name of readdirSync(RUN).filter((entry) => entry.endsWith('.pid'))) {
    const other = name.slice(0, -4);
    if (fileOf(other) !== undefined && (settings(other).get('Conflicts') ?? []).join(' ').split(/\s+/).includes(unit)) await stop(other);
  }
  for (const [name, base] of [
    ['RuntimeDirectory', '/run'],
    ['StateDirectory', '/var/lib'],
  ])
    for (const folder of file.get(name) ?? []) mkdirSync(path.join(base, folder), { recursive: true });
  for (const command of file.get('ExecStartPre') ?? []) {
    const code = await run(unit, command);
    if (code !== 0 && !command.startsWith('-')) return 1;
  }
  const log = openSync(logFile(unit), 'a');
  const [program, ...args] = commandLine(file.get('ExecStart')[0]);
  note(unit, `Starting ${unit} ...`);
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: environment(), cwd: '/' });
  const failed = await Promise.race([new Promise((resolve) => child.on('error', () => resolve(true))), sleep(100).then(() => false)]);
  if (failed) return 1;
  child.unref();
  writeFileSync(pidFile(unit), String(child.pid));
  return 0;
}

function enable(unit) {
  if (fileOf(unit) === undefined) return 1;
  mkdirSync(WANTS, { recursive: true });
  if (!existsSync(path.join(WANTS, unit))) symlinkSync(fileOf(unit), path.join(WANTS, unit));
  return 0;
}

function disable(unit) {
  try {
    unlinkSync(path.join(WANTS, unit));
  } catch {
    // It was not enabled.
  }
  return 0;
}

function isEnabled(unit) {
  return readdirSync(path.dirname(WANTS)).includes(path.basename(WANTS)) && readdirSync(WANTS).includes(unit);
}

async function systemctl() {
  const [verb, ...names] = words.filter((word) => !word.startsWith('-'));
  const now = flags.includes('--now');
  let result = 0;
  for (const unit of names.map(unitName)) {
    if (['start', 'restart', 'stop', 'cat', 'enable'].includes(verb) && fileOf(unit) === undefined) {
      process.stderr.write(`Unit ${unit} could not be found.\n`);
      result = 5;
      continue;
    }
    if (verb === 'stop' || verb === 'restart' || (verb === 'disable' && now && fileOf(unit) !== undefined)) await stop(unit);
    if (verb === 'enable') result ||= enable(unit);
    if (verb === 'disable') result ||= disable(unit);
    if (verb === 'start' || verb === 'restart' || (verb === 'enable' && now)) result ||= await start(unit);
    if (verb === 'is-active') result = pidOf(unit) === null ? 3 : 0;
    if (verb === 'is-active' && !flags.includes('--quiet')) process.stdout.write(result === 0 ? 'active\n' : 'inactive\n');
    if (verb === 'is-enabled') result = isEnabled(unit) ? 0 : 1;
    if (verb === 'is-enabled' && !flags.includes('--quiet')) process.stdout.write(result === 0 ? 'enabled\n' : 'disabled\n');
    if (verb === 'cat') process.stdout.write(readFileSync(fileOf(unit)));
    if (verb === 'show') process.stdout.write(`MainPID=${pidOf(unit) ?? 0}\nActiveState=${pidOf(unit) === null ? 'inactive' : 'active'}\n`);
  }
  return result;
}

function journalctl() {
  const unit = words[words.indexOf('--unit') + 1];
  if (existsSync(logFile(unit))) process.stdout.write(readFileSync(logFile(unit), 'utf8').split('\n').slice(-41).join('\n'));
  return 0;
}

process.exitCode = path.basename(process.argv[1]).startsWith('journalctl') ? journalctl() : await systemctl();
