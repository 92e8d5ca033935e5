// `--of`, `--non-atomic` and `--ports`, through the built file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, wbfc } from './wbfc.ts';

const program = (flow: string, bridge = ''): string =>
  `program p { id = 5 }\n${bridge}table t = 0 {\n  miss = drop\n  flow f { ${flow} }\n}\n`;

const PLAIN = program('match { tcp } action { output 1 }');
const TAGS = program('match {} action { push_vlan 0x8100; output 1 }');

const flows = (text: string, ...more: string[]): ReturnType<typeof wbfc> =>
  wbfc(['build', '-', '--emit', 'flows', ...more], { input: text });

describe('--of', () => {
  test.each(['1.0', '10', 'OpenFlow10', 'openflow10'])('%s', (version) => {
    const { code, err } = flows(TAGS, '--of', version, '--format', 'concise');
    expect(code).toBe(1);
    expect(err).toBe(
      '<stdin>:4:30: error[WBF5303]: OpenFlow 1.0 has no `push_vlan`, which came with OpenFlow 1.1\n',
    );
  });

  test.each(['1.6', '2.0', '1', '', '1.3.0', 'OpenFlow'])('%s is no version', (version) => {
    const { code, err } = flows(PLAIN, '--of', version);
    expect(code).toBe(2);
    expect(err).toContain('Versions are 1.0 to 1.5.');
  });

  test('check knows it too', () => {
    expect(wbfc(['check', '-', '--of', '1.0'], { input: TAGS }).code).toBe(1);
    expect(wbfc(['check', '-', '--of', '1.1'], { input: TAGS }).code).toBe(0);
    expect(wbfc(['check', '-'], { input: TAGS }).code).toBe(0);
  });

  test('the newest of the protocols is the default', () => {
    const bridge = 'bridge br0 { protocols = [OpenFlow13, OpenFlow10, OpenFlow12] }\n';
    const text = program('importance = 1; match {} action { drop }', bridge);
    expect(flows(text, '--format', 'concise').err).toMatch(/OpenFlow 1\.3 has no `importance`/);
    expect(flows(program('match {} action { meter m }', `${bridge}meter m = 1\n`)).code).toBe(0);
  });

  test('the protocols must have it', () => {
    const text = program('match {} action { drop }', 'bridge br0 { protocols = [OpenFlow13] }\n');
    const { code, err } = flows(text, '--of', '1.5', '--format', 'concise');
    expect(code).toBe(1);
    expect(err).toContain('2:26: error[WBF5301]');
    expect(flows(text, '--of', '1.3').code).toBe(0);
  });

  test('bundles are of 1.3, 1.4 and 1.5', () => {
    for (const [version, byte] of [
      ['1.3', 4],
      ['1.4', 5],
      ['1.5', 6],
    ] as const) {
      const cwd = directory({ 'a.wbf': PLAIN });
      expect(wbfc(['build', 'a.wbf', '--emit', 'bundle', '--of', version], { cwd }).code).toBe(0);
      expect(readFileSync(join(cwd, 'a.bundle'))[0]).toBe(byte);
    }
    for (const version of ['1.0', '1.1', '1.2']) {
      const cwd = directory({ 'a.wbf': PLAIN });
      const { code, err } = wbfc(['build', 'a.wbf', '--emit', 'bundle', '--of', version], { cwd });
      expect(code).toBe(2);
      expect(err).toBe(`wbfc: --of ${version}: OpenFlow ${version} has no bundles; 1.3, 1.4 and 1.5 have\n`);
      expect(readdirSync(cwd)).toEqual(['a.wbf']);
    }
    const cwd = directory({
      'a.wbf': program('match {} action { drop }', 'bridge br0 { protocols = [OpenFlow12] }\n'),
    });
    const { code, err } = wbfc(['build', 'a.wbf', '--emit', 'bundle'], { cwd });
    expect({ code, err }).toEqual({
      code: 2,
      err: 'wbfc: a.wbf: OpenFlow 1.2 has no bundles; 1.3, 1.4 and 1.5 have\n',
    });
  });

  test('a script below 1.3 wants --non-atomic', () => {
    const build = (...more: string[]): ReturnType<typeof wbfc> =>
      wbfc(['build', '-', ...more], { input: PLAIN });
    for (const version of ['1.0', '1.1', '1.2']) {
      const { code, err } = build('--of', version);
      expect(code).toBe(2);
      expect(err).toMatch(/--non-atomic/);
      const { code: ok, out } = build('--of', version, '--non-atomic');
      expect(ok).toBe(0);
      expect(out).toContain(`-O OpenFlow${version.replace('.', '')}`);
      expect(out).not.toContain('--bundle');
    }
    expect(build('--of', '1.3').out).toContain('-O OpenFlow13 --bundle');
    expect(build('--emit', 'flows', '--non-atomic').code).toBe(2);
  });
});

describe('--ports', () => {
  const NAMED = program(
    'match { in_port = up } action { output host }',
    'port up = "eth0"\nport host = "eth1"\n',
  );
  const inRegister = NAMED.replace('output host', 'reg0 = up; output host');
  const bundle = (cwd: string, ...more: string[]): ReturnType<typeof wbfc> =>
    wbfc(['build', 'a.wbf', '--emit', 'bundle', '-o', 'out', '--format', 'concise', ...more], { cwd });

  test('text has the names and needs no file', () => {
    const { code, out } = flows(NAMED);
    expect(code).toBe(0);
    expect(out).toContain('in_port=eth0 actions=output:eth1\n');
    expect(wbfc(['build', '-'], { input: NAMED }).out).toContain('in_port=eth0 actions=output:eth1\n');
  });

  test('a register needs the number', () => {
    const { code, err } = flows(inRegister, '--format', 'concise');
    expect(code).toBe(1);
    expect(err).toMatch(/^<stdin>:6:\d+: error\[WBF2014\]/);
  });

  test.each([
    ['lines', 'eth0 7\n\n# comment\n  eth1 = 0x8 # another\r\n'],
    ['JSON', '{"eth0": 7,\n "eth1": 8}'],
    [
      'ovs-ofctl show',
      `OFPT_FEATURES_REPLY (OF1.5) (xid=0x2): dpid:00000000000000aa
n_tables:254, n_buffers:0
capabilities: FLOW_STATS TABLE_STATS PORT_STATS GROUP_STATS QUEUE_STATS
OFPST_PORT_DESC reply (OF1.5) (xid=0x4):
 7(eth0): addr:aa:55:aa:55:00:01
     config:     0
     state:      LIVE
     speed: 0 Mbps now, 0 Mbps max
 8("eth1"): addr:aa:55:aa:55:00:02
     config:     PORT_DOWN
 LOCAL(br0): addr:2e:63:52:71:c0:4b
OFPT_GET_CONFIG_REPLY (OF1.5) (xid=0x9): frags=normal miss_send_len=0
`,
    ],
  ])('%s', (_, text) => {
    const cwd = directory({ 'a.wbf': NAMED, ports: text });
    expect(bundle(cwd, '--ports', 'ports').code).toBe(0);
    const { out } = wbfc(['build', 'a.wbf', '--emit', 'flows', '-o', '-', '--ports', 'ports'], { cwd });
    expect(out).toContain('in_port=7 actions=output:8\n');
    const piped = wbfc(['build', 'a.wbf', '--emit', 'flows', '-o', '-', '--ports', '-'], {
      cwd,
      input: text,
    });
    expect(piped.out).toBe(out);
  });

  test('what it lacks, and a bundle needs', () => {
    const cwd = directory({ 'a.wbf': NAMED, ports: 'eth0 7\neth2 8\n' });
    const { code, err } = bundle(cwd, '--ports', 'ports');
    expect(code).toBe(1);
    expect(err).toBe(
      'a.wbf:3:13: error[WBF2014]: the number of the port `host` is not known: ports has no `eth1`\n',
    );
    expect(bundle(cwd).err).toMatch(/^a\.wbf:2:11: error\[WBF2014\].*\na\.wbf:3:13: error\[WBF2014\]/);
    expect(readdirSync(cwd).sort()).toEqual(['a.wbf', 'ports']);
    const { out } = wbfc(['build', 'a.wbf', '--emit', 'flows', '-o', '-', '--ports', 'ports'], { cwd });
    expect(out).toContain('in_port=7 actions=output:eth1\n');
  });

  test('a number that another port has', () => {
    const text = program('match { in_port = up } action { drop }', 'port up = "eth0"\nport host = 7\n');
    const cwd = directory({ 'a.wbf': text, ports: 'eth0 7\n' });
    expect(bundle(cwd, '--ports', 'ports').err).toBe('a.wbf:3:13: error[WBF5004]: port 7 is already `up`\n');
  });

  test('bad lines are shown in their place, and nothing is built', () => {
    const text = 'eth0\neth0 1\neth0 2\neth1 65536\n= 5\neth1 x\n';
    const cwd = directory({ 'a.wbf': NAMED, ports: text });
    const { code, err } = bundle(cwd, '--ports', 'ports');
    expect(code).toBe(1);
    expect(err.split('\n').map((line) => line.slice(0, 33))).toEqual(
      [
        'ports:1:1: error[WBF8002]: this te',
        'ports:3:1: error[WBF8002]: this te',
        'ports:4:1: error[WBF8002]: this te',
        'ports:5:1: error[WBF8002]: this te',
        'ports:6:1: error[WBF8002]: this te',
        '',
      ].map((line) => line.slice(0, 33)),
    );
    expect(readdirSync(cwd).sort()).toEqual(['a.wbf', 'ports']);
    for (const bad of ['{"eth0": }', '{"eth0": "1"}', '{"eth0": 1.5}', '{"eth0": 0}']) {
      expect(wbfc(['build', 'a.wbf', '--ports', '-'], { cwd, input: bad })).toMatchObject({ code: 1 });
    }
  });

  test('standard input is one thing', () => {
    expect(wbfc(['build', '-', '--ports', '-'], { input: NAMED }).code).toBe(2);
    const cwd = directory({ 'a.wbf': NAMED });
    expect(bundle(cwd, '--ports', 'none')).toMatchObject({ code: 2 });
  });
});
