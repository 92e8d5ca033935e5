// Every template of the standard library: it has words, a use that compiles without a complaint, and flows that a real
// switch takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TemplateDecl } from '../../grammar/ast.ts';
import { parse } from '../../grammar/parser.ts';
import { emitBundle } from '../../src/emit/bundle.ts';
import { compile } from '../../src/project/compile.ts';
import { concise } from '../../src/report/concise.ts';
import { wbfc } from '../e2e/wbfc.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { librarySources } from './sources.ts';
import { programOf, USES } from './uses.ts';

const templates = (text: string): TemplateDecl[] =>
  parse(text).tree.items.filter((item): item is TemplateDecl => item.kind === 'template');

/** What is said of a program, a line each. */
function complaints(text: string): string {
  const { files, diagnostics } = compile({ path: 'demo.wbf', text });
  const options = { color: false, version: '', repositoryPath: () => null, rule: () => undefined };
  return concise([{ files, diagnostics }], options);
}

let lab: Lab;
let mgmt: string;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-std-'));
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: 2, protocols: ['OpenFlow15'] });
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

describe.each([...librarySources()])('%s', (module, text) => {
  test('says what each template is for, and has a use of each', () => {
    const declared = templates(text);
    expect(declared.length).toBeGreaterThan(0);
    expect(declared.filter((t) => t.doc === null).map((t) => t.name.text)).toEqual([]);
    expect(declared.map((t) => t.name.text)).toEqual(Object.keys(USES[module] ?? {}));
  });

  test('a program that only imports it is like one that does not', () => {
    const rest = 'program demo { id = 1 }\ntable first = 0 { miss = drop }\n';
    const name = module.replace('std/', '');
    const [without, imported] = [rest, `import "${module}" as ${name}\n${rest}`].map((source) =>
      compile({ path: 'demo.wbf', text: source }),
    );
    expect(imported?.diagnostics).toEqual([]);
    const bytes = ({ program }: NonNullable<typeof without>): Uint8Array | null =>
      program === null ? null : emitBundle(program, { replace: true });
    if (imported === undefined || without === undefined) throw new Error('not compiled');
    expect(bytes(imported)).toEqual(bytes(without));
  });

  test.each(Object.entries(USES[module] ?? {}))('%s compiles', (_, use) => {
    expect(complaints(programOf(module, [use]))).toBe('');
  });

  test('a switch takes all of it', async () => {
    const path = join(dir, `${module.replace('std/', '')}.wbf`);
    writeFileSync(path, programOf(module, Object.values(USES[module] ?? {})));
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
    const pushed = await wbfc(['push', path, '--to', `unix:${mgmt}`, '--format', 'concise']);
    expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
    expect(await lab.dumpFlows('br0')).not.toHaveLength(0);
  });
});
