/** Where a reader begins in a file: by its stored position, its mode, and whether the file is older than our interest in it. */
import { comparePlaces, type TailPlace } from '../../base/file-chain';
import type { FileTail } from '../../base/file-tail';
import type { FollowOptions, Position } from './source';
import type { Start } from './attachment';

/**
 * The usual start: `head` from the stored position, or from the first line younger than `since`, whichever is later; `tail` from the end.
 * What appears only after the first look is new: it is read from its beginning.
 */
export function usualStart(options: FollowOptions, position: Position | null): Start {
  return (tail, late) => {
    const stored = position === null || (options.mode === 'tail' && !late) ? null : tail.locate(position);
    if (late) return stored ?? tail.begin();
    if (options.mode === 'tail') return tail.end();
    const young = tail.search(options);
    return later(stored, young, tail);
  };
}

/** A file that a pattern finds while we run is new to us: from the stored position, else from its beginning. */
export function newcomerStart(position: Position | null): Start {
  return (tail) => (position === null ? null : tail.locate(position)) ?? tail.begin();
}

/**
 * The start in a file that is a rotation of another file of the same reader: what was not read of it before it was rotated away is read through that other file.
 * So only a file never seen is read, or one that is still at its stored name.
 */
export function rotationStart(options: FollowOptions, position: Position | null): Start {
  const usual = usualStart(options, position);
  return (tail, late) => {
    const begin = tail.begin();
    if (late || begin === null) return tail.end();
    if (position === null) return usual(tail, late);
    const unmoved = tail.positionOf(begin).firstLineHash === position.firstLineHash;
    return unmoved ? usual(tail, late) : tail.end();
  };
}

/** A stored place in an older file of the path is before anything in the present one, and lines there were never seen: it wins. */
function later(stored: TailPlace | null, young: TailPlace | null, tail: FileTail): TailPlace | null {
  if (stored === null || young === null) return stored ?? young;
  if (stored.generation !== tail.begin()?.generation) return stored;
  return comparePlaces(stored, young) < 0 ? young : stored;
}
