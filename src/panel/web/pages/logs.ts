/** The server's own log: read in pages from its end, filtered, followed, downloaded. */
import { HttpError } from '../error-page';
import { linkWith } from '../listing';
import type { DownloadAnswer, HtmlAnswer, PageRequest, PageWorld } from '../page';
import { get, type Route } from '../route';

const LINES = 200;
const LEVELS = ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const;

/** Colours of levels; the others have none. */
const TONES: Readonly<Record<string, string>> = { CRITICAL: 'danger', ERROR: 'danger', WARNING: 'warning', NOTICE: 'info' };

function offsetOf(text: string): number | null {
  const offset = Number(text);
  return text !== '' && Number.isSafeInteger(offset) && offset >= 0 ? offset : null;
}

export async function showLogs(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const { query } = request;
  const [place, files] = await Promise.all([world.logs.place(), world.logs.files()]);
  const wanted = query.get('file');
  const file = files.find(({ name }) => name === wanted) ?? (wanted === '' ? files[0] : undefined);
  if (file === undefined && wanted !== '') throw new HttpError(404, 'error.404');
  const filters = {
    level: query.get('level'),
    jail: query.get('jail'),
    address: query.get('address').trim(),
    text: query.get('text').trim(),
  };
  const from = offsetOf(query.get('from'));
  const direction = query.get('direction') === 'newer' ? 'newer' : 'older';
  const orNull = (text: string): string | null => (text === '' ? null : text.slice(0, 255));
  const page =
    file === undefined
      ? null
      : await world.logs.read({
          file: file.name,
          level: LEVELS.find((level) => level === filters.level) ?? null,
          jail: orNull(filters.jail),
          address: orNull(filters.address),
          text: orNull(filters.text),
          from,
          limit: LINES,
          direction,
        });
  const link = (at: number, to: string): string => linkWith('/logs', query, { from: String(at), direction: to });
  const data = {
    place,
    files,
    file: file ?? null,
    filters,
    any: Object.values(filters).some((value) => value !== ''),
    levels: LEVELS,
    lines: page?.lines.map((line) => ({ ...line, tone: TONES[line.level ?? ''] ?? '' })) ?? [],
    older: page === null || page.older === null ? null : link(page.older, 'older'),
    newer: page === null || from === null ? null : link(page.newer, 'newer'),
    atEnd: from === null,
    latest: linkWith('/logs', query, { from: '', direction: '' }),
  };
  return { kind: 'page', view: 'logs', title: 'logs.title', data };
}

export async function download(request: PageRequest, world: PageWorld): Promise<DownloadAnswer> {
  const name = request.query.get('file');
  const file = (await world.logs.files()).find((candidate) => candidate.name === name);
  if (file === undefined) throw new HttpError(404, 'error.404');
  return { kind: 'download', name: file.name, type: 'application/octet-stream', body: world.logs.open(file.name) };
}

export const routes: readonly Route[] = [get('/logs', 'logs', showLogs), get('/logs/download', 'logs', download)];
