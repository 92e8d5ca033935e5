// The formats for programs.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- what is looked at is JSON */
import { describe, expect, test } from 'vitest';
import { concise } from '../../src/report/concise.ts';
import { github } from '../../src/report/github.ts';
import { json } from '../../src/report/json.ts';
import { sarif } from '../../src/report/sarif.ts';
import type { ReportFile } from '../../src/report/types.ts';
import { at, batch, diagnostic, options } from './sample.ts';

test('concise', () => {
  expect(concise([batch, batch], options)).toBe(
    `dir/rules.wbf:3:49: error[WBF3001]: this match never says that the packet is ICMPv4 (OFPBMC_BAD_PREREQ)
dir/rules.wbf:2:1: warning[WBF4002]: this flow has, in truth, no effect: 100%
`.repeat(2),
  );
  expect(concise([], options)).toBe('');
});

test('github', () => {
  expect(github([batch], options)).toBe(
    '::error file=dir/rules.wbf,line=3,col=49,endLine=3,endColumn=58,title=WBF3001 (OFPBMC_BAD_PREREQ)::' +
      'this match never says that the packet is ICMPv4%0Aovs-ofctl does not refuse it: it drops these three terms ' +
      'without an error, and the flow matches every frame to 00:00:00:00:99:99%0Ahelp: add `icmp`\n' +
      '::warning file=dir/rules.wbf,line=2,endLine=5,title=WBF4002::this flow has, in truth, no effect: 100%25\n',
  );
});

test('github escapes what would end a property or a line', () => {
  const files: ReportFile[] = [{ path: 'a,b:c%\n.wbf', text: 'x' }];
  const d = diagnostic({
    severity: 'information',
    message: 'a::b, 5%\r\n::error::',
    place: { file: 0, start: 0, end: 1 },
  });
  expect(github([{ files, diagnostics: [d] }], options)).toBe(
    '::notice file=a%2Cb%3Ac%25%0A.wbf,line=1,col=1,endLine=1,endColumn=2,title=WBF3001::a::b, 5%25%0D%0A::error::\n',
  );
});

test('json', () => {
  const text = '\ufeff// 😀\nconst é = 1 // 😀 x\n';
  const files = [{ path: 'ä b.wbf', text }];
  const place = { file: 0, ...at(text, 'x') };
  const d = diagnostic({
    place,
    label: 'here',
    related: [{ file: 0, ...at(text, 'é'), message: 'there' }],
    notes: ['one', 'two'],
    fixes: [{ title: 'Remove it', edits: [{ ...place, newText: '' }] }],
    switchError: 'OFPBMC_BAD_PREREQ',
  });
  const location = {
    file: 'ä b.wbf',
    start: { line: 2, column: 18, offset: place.start },
    end: { line: 2, column: 19, offset: place.end },
  };
  expect(JSON.parse(json([{ files, diagnostics: [d] }], options))).toEqual({
    version: 1,
    tool: { name: 'wbfc', version: '0.1.0' },
    summary: { errors: 1, warnings: 0, information: 0 },
    diagnostics: [
      {
        code: 'WBF3001',
        severity: 'error',
        message: 'something is wrong',
        switchError: 'OFPBMC_BAD_PREREQ',
        location,
        label: 'here',
        related: [
          {
            location: {
              file: 'ä b.wbf',
              start: { line: 2, column: 7, offset: at(text, 'é').start },
              end: { line: 2, column: 8, offset: at(text, 'é').end },
            },
            message: 'there',
          },
        ],
        notes: ['one', 'two'],
        help: null,
        fixes: [{ title: 'Remove it', edits: [{ location, newText: '' }] }],
        url: expect.stringMatching(/^https:.*#wbf3001$/),
      },
    ],
  });
  expect(JSON.parse(json([], options))).toMatchObject({ diagnostics: [] });
});

describe('sarif', () => {
  const run = (...args: Parameters<typeof sarif>): any => JSON.parse(sarif(...args)).runs[0];

  test('says who found what, where, and what to do', () => {
    const { tool, results, columnKind, originalUriBaseIds } = run([batch], options);
    expect(tool.driver).toMatchObject({ name: 'wbfc', version: '0.1.0' });
    expect(tool.driver.rules).toMatchObject([
      {
        id: 'WBF3001',
        shortDescription: { text: 'Missing prerequisite' },
        helpUri: expect.stringMatching(/^https:/),
        defaultConfiguration: { level: 'error' },
      },
      { id: 'WBF4002', defaultConfiguration: { level: 'warning' } },
    ]);
    expect(columnKind).toBe('utf16CodeUnits');
    expect(originalUriBaseIds).toHaveProperty(['%SRCROOT%']);
    const artifactLocation = { uri: 'dir/rules.wbf', uriBaseId: '%SRCROOT%' };
    expect(results[0]).toMatchObject({
      ruleId: 'WBF3001',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation,
            region: { startLine: 3, startColumn: 49, endLine: 3, endColumn: 58 },
          },
        },
      ],
      relatedLocations: [{ id: 1, message: { text: 'needs eth_type = 0x0800' } }, { id: 2 }],
      fixes: [
        {
          description: { text: 'Add `icmp`' },
          artifactChanges: [
            {
              artifactLocation,
              replacements: [
                {
                  deletedRegion: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 11 },
                  insertedContent: { text: 'icmp; ' },
                },
              ],
            },
          ],
        },
      ],
      properties: { switchError: 'OFPBMC_BAD_PREREQ' },
    });
    expect(results[1]).toMatchObject({ ruleIndex: 1, level: 'warning' });
  });

  test('columns count UTF-16 code units, paths are percent-encoded', () => {
    const text = '/* 😀 */ x\n';
    const d = diagnostic({ place: { file: 0, ...at(text, 'x') } });
    const [inside] = run([{ files: [{ path: 'ä b/c#1%.wbf', text }], diagnostics: [d] }], options).results;
    expect(inside.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: '%C3%A4%20b/c%231%25.wbf', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 10, endLine: 1, endColumn: 11 },
    });
    const [outside] = run([{ files: [{ path: '/tmp/a b.wbf', text }], diagnostics: [d] }], options).results;
    expect(outside.locations[0].physicalLocation.artifactLocation).toEqual({ uri: 'file:///tmp/a%20b.wbf' });
  });

  test('fingerprints survive inserted lines and indentation, and tell equal lines apart', () => {
    const prints = (text: string, ...offsets: number[]): string[] => {
      const diagnostics = offsets.map((start) => diagnostic({ place: { file: 0, start, end: start + 1 } }));
      const { results } = run([{ files: [{ path: 'a.wbf', text }], diagnostics }], options);
      return results.map((r: any) => r.partialFingerprints.primaryLocationLineHash);
    };
    const [before] = prints('flow x { }\n', 0);
    expect(prints('// new\n\n  flow  x { }\n', 11)).toEqual([before]);
    expect(prints('flow y { }\n', 0)).not.toEqual([before]);
    const twice = prints('flow x { }\nflow x { }\n', 0, 11);
    expect(twice[0]).toBe(before);
    expect(new Set(twice).size).toBe(2);
  });

  test('no findings are a run too', () => {
    expect(run([], options)).toMatchObject({ results: [], tool: { driver: { rules: [] } } });
  });
});
