import { askPython } from '../support/python-re';
import { compareWithPython } from '../support/regex-compare';
import { createRandomRe } from '../support/regex-grammar';
import type { ReJob } from '../support/python-re';
import { stockLines, stockPatterns } from '../support/stock-patterns';
import { compileFailregex, expandTags } from '../../src/regex/tags';

describe('patterns, compared with Python', () => {
  test('every regex of the stock filters in every mode finds the same, with the same groups, both ways', () => {
    const stock = stockPatterns();
    const lines = stockLines();
    const jobs = new Map<string, ReJob>();
    for (const { regex, multiline } of stock) {
      const pattern = expandTags(regex);
      jobs.set(`${pattern} ${multiline}`, { pattern, multiline, namedOnly: true, texts: lines });
    }
    const answers = askPython([...jobs.values()]);
    const result = compareWithPython([...jobs.values()], answers);
    const own = stock.filter(({ regex }) => compileFailregex(regex, { needId: false }).pattern.way === 'own').length;
    console.log(
      `${jobs.size} regexes of ${new Set(stock.map(({ filter }) => filter)).size} stock filters on ${lines.length} texts: ` +
        `${result.v8 + result.own - result.differences.length} of ${result.v8 + result.own} searches agree ` +
        `(${result.v8} on V8, ${result.own} on our matcher, ${result.matched} with a match, ${result.skipped} given up); ` +
        `${own} regexes run on our matcher by themselves`,
    );
    expect(result.differences).toEqual([]);
    expect(result.skipped).toBe(0);
    expect(jobs.size).toBeGreaterThan(300);
    expect(result.matched).toBeGreaterThan(10_000);
    expect(own).toBeLessThan(20);
  });

  test('random patterns on random texts: the same error, or the same match with the same groups', () => {
    const random = createRandomRe(20261122);
    const jobs: ReJob[] = Array.from({ length: 5000 }, (_, i) => ({
      pattern: random.pattern(),
      multiline: i % 5 === 0,
      texts: [random.text(), random.text(), random.text(), random.text()],
    }));
    const result = compareWithPython(jobs, askPython(jobs));
    console.log(
      `5000 random patterns on 20000 texts: ${result.v8} searches on V8, ${result.own} on our matcher, ` +
        `${result.refused} refusals alike, ${result.skipped} given up, ${result.differences.length} differences`,
    );
    expect(result.differences).toEqual([]);
    expect(result.v8).toBeGreaterThan(5000);
    expect(result.own).toBeGreaterThan(10_000);
    expect(result.refused).toBeGreaterThan(500);
    expect(result.skipped).toBeLessThan(50);
  });
});
