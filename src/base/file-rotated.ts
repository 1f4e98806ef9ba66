/** From a path: the files beside it that a log rotation made of it, by their names and what is in them. */
import { closeSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { birthOf, Generation } from './file-generation';
import { firstLineHash, openRegular } from './file-fingerprint';

/** Names looked at beside one path at most. */
const MAX_SIBLINGS = 400;
const ATTEMPTS = 5;
/** `.1`, `-20261122`, `.2026-11-22_10`, `.old`; not `.processed`, which is not a rotation but a copy that grows, and not `-2`, which may be another log. */
const ENDING = '(?:\\.\\d{1,3}|[.\\-_]\\d{4}[\\d.\\-_:T]{2,}|[.\\-_](?:old|bak|prev|save|webstat))';
const SUFFIX = new RegExp(`^${ENDING}$`);
const ROTATED = new RegExp(`^(.*[^/])${ENDING}$`);
const ROTATED_INSIDE = new RegExp(`^(.*[^/])${ENDING}(\\.[a-z]+)$`, 'i');
const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4)$/;

/** Full paths of the siblings whose names say that they are rotations of `path`; compressed ones only on request. */
export function rotatedNames(path: string, compressed = false): string[] {
  const folder = dirname(path);
  const name = basename(path);
  const extension = extname(name);
  const stem = extension === '' ? name : name.slice(0, -extension.length);
  const isRotation = (other: string): boolean => {
    if (other.startsWith(name)) return SUFFIX.test(other.slice(name.length));
    return (
      extension !== '' && other.startsWith(stem) && other.endsWith(extension) && SUFFIX.test(other.slice(stem.length, -extension.length))
    );
  };
  try {
    return readdirSync(folder)
      .filter((other) => other !== name && isRotation(compressed ? other.replace(COMPRESSED, '') : other))
      .slice(0, MAX_SIBLINGS)
      .map((other) => join(folder, other));
  } catch {
    return [];
  }
}

/** A file that a rotation put away. */
export interface RotatedFile {
  readonly path: string;
  readonly inode: number;
  readonly device: number;
  /** On disk. */
  readonly bytes: number;
  /** When it was last written, seconds since the epoch; a rotation does not change that. */
  readonly written: number;
}

/** All rotations of `path`, compressed ones too, oldest first. */
export function rotatedFiles(path: string): RotatedFile[] {
  const files = rotatedNames(path, true).flatMap((other): RotatedFile[] => {
    try {
      const stats = statSync(other);
      if (!stats.isFile()) return [];
      return [{ path: other, inode: stats.ino, device: stats.dev, bytes: stats.size, written: stats.mtimeMs / 1000 }];
    } catch {
      return [];
    }
  });
  const number = (other: string): number => Number(/\.(\d{1,3})(?:\.[a-z0-9]+)?$/.exec(other)?.[1] ?? 0);
  return files.sort((a, b) => a.written - b.written || number(b.path) - number(a.path) || (a.path < b.path ? -1 : 1));
}

/** What to look for beside a path. */
export interface RotatedQuery {
  readonly path: string;
  readonly encoding: string;
  /** Only files made after this, and last written then or later, milliseconds since the epoch: older rotations were read long ago. */
  readonly bornAfter: number;
  readonly writtenAfter: number;
  /** First lines of files that are known already: a copy of one of them is not a generation of its own. */
  readonly knownHashes: ReadonlySet<string>;
  readonly isKnown: (inode: number, device: number) => boolean;
}

/**
 * The files that were at the path between two that we know, oldest first, opened; the rotation may go on meanwhile, so a look that it disturbed is repeated.
 */
export function openRotatedBetween(query: RotatedQuery): Generation[] {
  let found: Generation[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const generation of found) generation.close();
    found = [];
    const before = inodeAt(query.path);
    const disturbed = collect(query, found);
    if (!disturbed && inodeAt(query.path) === before) break;
  }
  return found.sort((a, b) => a.birth - b.birth);
}

function collect(query: RotatedQuery, found: Generation[]): boolean {
  let disturbed = false;
  for (const path of rotatedNames(query.path)) {
    try {
      const stats = statSync(path);
      if (birthOf(stats) <= query.bornAfter || stats.mtimeMs < query.writtenAfter || query.isKnown(stats.ino, stats.dev)) continue;
      const generation = Generation.open(path, 0, query.encoding);
      const known = query.isKnown(generation.inode, generation.device) || found.some((other) => other.inode === generation.inode);
      if (known || generation.birth <= query.bornAfter || generation.hash === '' || query.knownHashes.has(generation.hash))
        generation.close();
      else found.push(generation);
    } catch {
      disturbed = true;
    }
  }
  return disturbed;
}

function inodeAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/**
 * The path of the sibling that holds what stood behind a position: it has this first line, is at least as long as `offset`, and `isIt`.
 * The youngest, when several do; null when none does.
 */
export function rotatedWithHash(path: string, hash: string, offset: number, isIt: (fd: number) => boolean = () => true): string | null {
  let best: { path: string; written: number } | null = null;
  for (const sibling of rotatedNames(path)) {
    try {
      const { fd, stats } = openRegular(sibling);
      try {
        if (stats.size < offset || (best !== null && stats.mtimeMs <= best.written)) continue;
        if (firstLineHash(fd) === hash && isIt(fd)) best = { path: sibling, written: stats.mtimeMs };
      } finally {
        closeSync(fd);
      }
    } catch {
      continue;
    }
  }
  return best?.path ?? null;
}

/** The path that a rotation's name was made from: `a.log` for `a.log.1`, `a.log.2.gz`, `a.log-20261122` and `a-20261122.log`; null for other names. */
export function rotationBase(path: string): string | null {
  const plain = path.replace(COMPRESSED, '');
  const before = ROTATED.exec(plain)?.[1];
  if (before !== undefined) return before;
  const inside = plain === path ? ROTATED_INSIDE.exec(path) : null;
  return inside === null ? null : `${inside[1]}${inside[2]}`;
}
