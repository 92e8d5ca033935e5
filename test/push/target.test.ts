import { describe, expect, test } from 'vitest';
import { formatTarget, parseDpid, parseTarget } from '../../src/push/target.ts';

describe('targets', () => {
  test.each([
    ['unix:/run/x.mgmt', { kind: 'unix', path: '/run/x.mgmt' }, undefined],
    ['unix:relative:x', { kind: 'unix', path: 'relative:x' }, undefined],
    ['tcp:10.0.0.1:6633', { kind: 'tcp', host: '10.0.0.1', port: 6633 }, undefined],
    ['tcp:switch.lan', { kind: 'tcp', host: 'switch.lan', port: 6653 }, 'tcp:switch.lan:6653'],
    ['tcp:[::1]:6653', { kind: 'tcp', host: '::1', port: 6653 }, undefined],
    ['tcp:[fe80::1]', { kind: 'tcp', host: 'fe80::1', port: 6653 }, 'tcp:[fe80::1]:6653'],
    ['ptcp:6633', { kind: 'ptcp', port: 6633, address: '127.0.0.1' }, 'ptcp:6633:127.0.0.1'],
    ['ptcp:', { kind: 'ptcp', port: 6653, address: '127.0.0.1' }, 'ptcp:6653:127.0.0.1'],
    ['ptcp:0:0.0.0.0', { kind: 'ptcp', port: 0, address: '0.0.0.0' }, undefined],
    ['ptcp:6653:[::]', { kind: 'ptcp', port: 6653, address: '::' }, undefined],
  ])('%s', (text, value, written) => {
    const parsed = parseTarget(text);
    expect(parsed).toEqual({ ok: true, value });
    if (parsed.ok) expect(formatTarget(parsed.value)).toBe(written ?? text);
  });

  test.each([
    ['', 'it must be unix:/path'],
    ['br0', "for the bridge 'br0'"],
    ['/run/br0.mgmt', 'write unix:/run/br0.mgmt'],
    ['unix:', 'the path is missing'],
    [`unix:/${'x'.repeat(107)}`, 'at most 107 bytes'],
    ['tcp:', 'the host is missing'],
    ['tcp:::1:6653', 'brackets'],
    ['tcp:host:0', 'is no port'],
    ['tcp:host:65536', 'is no port'],
    ['tcp:host:http', 'is no port'],
    ['ptcp:127.0.0.1:6653', 'the port comes first'],
    ['ptcp:6653:127.0.0.1:1', 'one address'],
    ['ptcp:6653:', 'one address'],
    ['ssl:host:6653', 'TLS'],
    ['http://host', 'it must be'],
  ])('%s is refused', (text, words) => {
    const parsed = parseTarget(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(`${parsed.problem.message} ${parsed.problem.help ?? ''}`).toContain(words);
  });

  test('datapath ids', () => {
    for (const text of ['00000000000000aa', '0xaa', '0xAA', '00:00:00:00:00:00:00:aa'])
      expect(parseDpid(text)).toBe(0xaan);
    for (const text of ['aa', '', '0x', '0x11111111111111111', '00:aa', 'br0', '-1'])
      expect(parseDpid(text)).toBeNull();
  });
});
