// The script, under the real sh, with the real ovs-ofctl, on a real switch.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emitScript } from '../../src/emit/script.ts';
import { flowList } from '../../src/ir/list.ts';
import { ONLY_FLOWS } from '../../src/ir/types.ts';
import type { FlowMod, ProgramIr } from '../../src/ir/types.ts';
import { requireCommands, type Run } from '../lab/process.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { flow, instructions, term, withActions } from './judge.ts';

const OWN = 0xabcd_0000_0000_0000n;
const MASK = 0xffff_0000_0000_0000n;

let lab: Lab;
beforeAll(async () => {
  requireCommands({ sh: 'dash', shellcheck: 'shellcheck' });
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 2 });
});
afterAll(() => lab.stop());
beforeEach(() => lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true }));

const own = (f: FlowMod, n: number): FlowMod => ({ ...f, cookie: OWN | BigInt(n) });

const FLOWS: readonly FlowMod[] = [
  flow({ match: [term('in_port', 1)], instructions: instructions({ goto: 1 }) }),
  withActions([term('eth_type', 0x800), term('ip_dst', 0x0a000000, 0xff000000)], {
    kind: 'output',
    port: 2,
    maxLen: 0xffff,
  }),
  flow({ table: 1, priority: 0 }),
].map(own);

function program(flows: readonly FlowMod[] = FLOWS, parts: Partial<ProgramIr> = {}): ProgramIr {
  return {
    ...ONLY_FLOWS,
    name: 'edge',
    cookies: { value: OWN, mask: MASK },
    tables: new Map(),
    ports: new Map(),
    files: ['edge.wbf'],
    flows: flowList(flows),
    ...parts,
  };
}

let serial = 0;
function save(text: string): string {
  const path = join(lab.dir, `script-${serial++}.sh`);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const run = (text: string, ...words: string[]): Promise<Run> => lab.exec('sh', save(text), ...words);

async function shellcheck(text: string): Promise<string> {
  const { stdout, stderr } = await lab.exec('shellcheck', '--shell=sh', '--enable=all', save(text));
  return stdout + stderr;
}

/** A flow that is not the program's. */
const addForeign = (): Promise<Run> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'cookie=0x1,table=5,arp,actions=drop', { check: true });

describe('a script', () => {
  test('installs the program, twice to the same end, and leaves others alone', async () => {
    await addForeign();
    const script = emitScript(program());
    expect(await run(script, 'br0')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const first = await lab.dumpFlows('br0');
    expect(first).toHaveLength(4);
    expect(first.join('\n')).toContain('cookie=0x1, table=5, arp');
    expect(await run(script, 'br0')).toMatchObject({ status: 0 });
    expect(await lab.dumpFlows('br0')).toEqual(first);
  });

  test('replaces what the program had before, in the same transaction', async () => {
    await addForeign();
    await run(emitScript(program()), 'br0');
    await run(emitScript(program(FLOWS.slice(2))), 'br0');
    expect(await lab.dumpFlows('br0')).toHaveLength(2);
    await run(emitScript(program([])), 'br0');
    expect(await lab.dumpFlows('br0')).toHaveLength(1);
  });

  test('changes nothing when the switch refuses a flow', async () => {
    await addForeign();
    await run(emitScript(program()), 'br0');
    const before = await lab.dumpFlows('br0');
    const refused = withActions([], { kind: 'group', id: 77 });
    const { status, stderr } = await run(emitScript(program([...FLOWS.slice(1), own(refused, 9)])), 'br0');
    expect(status).toBe(1);
    expect(stderr).toContain('OFPBAC_BAD_OUT_GROUP');
    expect(await lab.dumpFlows('br0')).toEqual(before);
  });

  test('takes a socket for a bridge', async () => {
    expect(await run(emitScript(program()), `unix:${lab.mgmt('br0')}`)).toMatchObject({ status: 0 });
    expect(await lab.dumpFlows('br0')).toHaveLength(3);
  });

  test('says how to use it', async () => {
    const script = emitScript(program());
    for (const words of [[], [''], ['br0', 'br1']]) {
      const { status, stdout, stderr } = await run(script, ...words);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^usage: .*script-\d+\.sh BRIDGE\n$/);
    }
    expect(await lab.dumpFlows('br0')).toEqual([]);
  });

  test('fails with the exit code of ovs-ofctl', async () => {
    const { status, stderr } = await run(emitScript(program()), 'no-such-bridge');
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-bridge');
  });

  test('gives up on a switch that does not answer', () => {
    expect(emitScript(program())).toMatch(/ovs-ofctl.* --timeout=\d+ /);
  });

  test('pleases shellcheck', async () => {
    expect(await shellcheck(emitScript(program()))).toBe('');
    expect(await shellcheck(emitScript(program([])))).toBe('');
  });

  test('is one document: no line of it ends the flows early', () => {
    const lines = emitScript(program()).trimEnd().split('\n');
    const end = lines.at(-1)!;
    expect(lines.filter((line) => line === end)).toHaveLength(1);
    expect(lines.find((line) => line.includes('<<'))).toContain(`<<'${end}'`);
    expect(lines.at(lines.findIndex((line) => line.includes('<<')) + 1)).toBe(
      'delete cookie=0xabcd000000000000/0xffff000000000000',
    );
  });

  test('carries names that are code, but does not run them', async () => {
    const evil = 'x\ntouch HERE\r\u2028touch HERE\u0085\u001b[31m$(touch HERE)`touch HERE`\u202e\'"\\';
    const script = emitScript(program(FLOWS, { name: evil, files: [evil, 'a\nEND_OF_FLOWS\ntouch HERE'] }));
    // eslint-disable-next-line no-control-regex
    expect(script).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(script.split('\n').filter((line) => line.includes('HERE') && !line.startsWith('#'))).toEqual([]);
    expect(await run(script, 'br0')).toMatchObject({ status: 0 });
    expect(await lab.dumpFlows('br0')).toHaveLength(3);
    expect(await shellcheck(script)).toBe('');
  });

  test('changes nothing when ovs-ofctl refuses a line', async () => {
    await run(emitScript(program()), 'br0');
    const before = await lab.dumpFlows('br0');
    const broken = emitScript(program()).replace(/^delete .*\n/m, '$&nonsense\n');
    const { status, stderr } = await run(broken, 'br0');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'ovs-ofctl: -:2: must specify an action\n' });
    expect(await lab.dumpFlows('br0')).toEqual(before);
  });

  test('takes no option for a bridge', async () => {
    expect(await run(emitScript(program()), '--version')).toMatchObject({ status: 1, stdout: '' });
  });

  test('uses another ovs-ofctl where told to, and its exit status', async () => {
    const fake = save('#!/bin/sh\ncat >/dev/null\necho "$@"\nexit 7\n');
    const script = save(emitScript(program(), { timeout: 5 }));
    const ran = await lab.exec('sh', script, 'br0', { env: { OVS_OFCTL: fake } });
    expect(ran).toMatchObject({
      status: 7,
      stdout: '--timeout=5 -O OpenFlow15 --bundle -- add-flows br0 -\n',
    });
  });

  test('writes names where asked, which the switch resolves', async () => {
    const flows = [withActions([term('in_port', 1)], { kind: 'output', port: 2, maxLen: 0 })].map(own);
    const ports = new Map([1, 2].map((n) => [n, `p${n}`]));
    const script = emitScript(program(flows, { ports }), { names: true });
    expect(script).toContain('in_port=p1 actions=output:p2\n');
    expect(await run(script, 'br0')).toMatchObject({ status: 0 });
    expect(await lab.dumpFlows('br0')).toEqual([expect.stringContaining('in_port=1 actions=output:2')]);
  });
});
