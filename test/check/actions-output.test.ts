import { describe, expect, test } from 'vitest';
import { accepts, complains, fixed } from './actions-support.ts';

const apply = (source: Parameters<typeof accepts>[0]) => accepts(source).apply;
const sent = (port: number, maxLen = 0xffff) => ({ kind: 'output', port, maxLen });

describe('output', () => {
  test('to numbers, declared ports and reserved ports', () => {
    const before = 'port uplink = 3\nport host = 4\nconst spare = 4';
    expect(
      apply({ before, action: 'output 3; output uplink; output spare; output in_port; output local' }),
    ).toEqual([sent(3), sent(3), sent(4), sent(0xfffffff8), sent(0xfffffffe)]);
  });

  test('reserved ports as actions', () => {
    const action = 'normal; flood; all; local; in_port; table; controller';
    expect(apply({ action })).toEqual(
      [0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffe, 0xfffffff8, 0xfffffff9, 0xfffffffd].map((p) =>
        sent(p),
      ),
    );
    complains({ action: '«any»' }, 'WBF2015');
    complains({ action: 'normal «5»' }, 'WBF4206');
  });

  test('to a port in a field', () => {
    expect(
      apply({ before: 'register out = reg1[0..15]', action: 'output reg0[0..15]; output out; output xreg1' }),
    ).toEqual([
      { kind: 'output_reg', source: { field: 'reg0', offset: 0, bits: 16 }, maxLen: 0xffff },
      { kind: 'output_reg', source: { field: 'reg1', offset: 0, bits: 16 }, maxLen: 0xffff },
      { kind: 'output_reg', source: { field: 'xreg1', offset: 0, bits: 64 }, maxLen: 0xffff },
    ]);
    complains({ action: 'output «tcp_dst»' }, 'WBF4001');
    expect(apply({ action: 'output in_port[]' })).toMatchObject([{ kind: 'output_reg' }]);
  });

  test('truncated', () => {
    expect(apply({ action: 'output(port = 2, max_len = 100); output(in_port, max_len = 14)' })).toEqual([
      { kind: 'output_trunc', port: 2, maxLen: 100 },
      { kind: 'output_trunc', port: 0xfffffff8, maxLen: 14 },
    ]);
    complains({ action: 'output(port = 2, max_len = «13»)' }, 'WBF2114');
    complains({ action: 'output(port = flood, «max_len = 100»)' }, 'WBF4102');
    const [d] = complains({ action: 'output(port = controller, «max_len = 100»)' }, 'WBF4102');
    expect(d?.help).toBe('write `controller(max_len = …)`');
    complains({ action: 'output(port = reg0[0..15], «max_len = 100»)' }, 'WBF4102');
  });

  test('ports that are none', () => {
    complains({ action: 'output «70000»' }, 'WBF2013');
    complains({ action: 'output «0»' }, 'WBF2017');
    complains({ action: 'output «none»' }, 'WBF2015');
    complains({ action: 'output «0xfffb»' }, 'WBF2012');
    complains({ action: '«output»' }, 'WBF4205');
    complains({ before: 'port uplink = 3', action: 'output «uplnk»' }, 'WBF2005');
    complains({ before: 'port uplink = 3', action: 'output «7»' }, 'WBF2011');
  });

  test('never back to where the packet came from', () => {
    const source = { match: 'in_port = 2', action: 'output «2»' };
    const [d] = complains(source, 'WBF4101');
    expect(d?.severity).toBe('warning');
    expect(d?.related.map((r) => r.message)).toEqual(['the packet comes in by this port']);
    expect(fixed(source)).toContain('output in_port');
    accepts({ match: 'in_port = 2', action: 'output 3; output in_port' });
    accepts({ match: 'in_port = 2', action: 'in_port = 0; output 2' });
    // Nothing can be sent to it, though: no port has the number.
    complains({ match: 'in_port = 2', action: 'in_port = 0; output «0»' }, 'WBF2017');
    accepts({ match: 'in_port = 2', action: 'in_port[0..7] = reg0[0..7]; output 2' });
    accepts({ match: 'in_port = 2', action: 'push reg0; pop in_port[0..15]; output 2' });
    complains({ match: 'in_port = 2', action: 'clone { in_port = 0; output 1 }; output «2»' }, 'WBF4101');
    complains({ match: 'in_port = 2', action: 'enqueue(port = «2», queue = 1)' }, 'WBF4101');
    complains({ match: 'in_port = 2', action: 'output(port = «2», max_len = 64)' }, 'WBF4101');
  });
});

describe('controller', () => {
  test('plain, and with everything', () => {
    expect(
      apply({
        action:
          'controller; controller(max_len = 128); controller(reason = no_match, id = 5, userdata = "01.02AB", pause, meter_id = 3, max_len = 0)',
      }),
    ).toEqual([
      sent(0xfffffffd),
      sent(0xfffffffd, 128),
      {
        kind: 'controller',
        maxLen: 0,
        reason: 'no_match',
        id: 5,
        userdata: Uint8Array.of(1, 2, 0xab),
        pause: true,
        meterId: 3,
      },
    ]);
    expect(apply({ action: 'controller(id = 0, reason = action)' })).toEqual([sent(0xfffffffd)]);
  });

  test('with something wrong', () => {
    complains({ action: 'controller(max_len = «65536»)' }, 'WBF2114');
    complains({ action: 'controller(id = «65536»)' }, 'WBF2114');
    complains({ action: 'controller(reason = «invalid»)' }, 'WBF4210');
    complains({ action: 'controller(userdata = «"012"»)' }, 'WBF4211');
    complains({ action: 'controller(userdata = «"0g"»)' }, 'WBF4211');
    complains({ action: 'controller(userdata = «5»)' }, 'WBF4211');
    complains({ action: 'controller(«puase»)' }, 'WBF4208');
    complains({ action: 'controller(«pause = 1»)' }, 'WBF4209');
    complains({ action: 'controller(max_len = 1, «max_len = 2»)' }, 'WBF4207');
    complains({ action: 'controller(«128»)' }, 'WBF4206');
    complains({ action: 'controller(meter_id = «0»)' }, 'WBF2114');
  });
});

describe('groups, meters, queues', () => {
  test('by number', () => {
    expect(
      apply({ action: 'meter 3; group 5; set_queue 2; enqueue(port = 2, queue = 1); pop_queue' }),
    ).toEqual([
      { kind: 'meter', id: 3 },
      { kind: 'group', id: 5 },
      { kind: 'set_queue', queue: 2 },
      { kind: 'enqueue', port: 2, queue: 1 },
      { kind: 'pop_queue' },
    ]);
    expect(
      apply({ action: 'group(0xffffff00); set_queue(queue = 0xffffffff); meter(meter = 0xffff0000)' }),
    ).toHaveLength(3);
  });

  test('out of their domain', () => {
    complains({ action: 'group «0xffffff01»' }, 'WBF2114');
    complains({ action: 'meter «0»' }, 'WBF2114');
    complains({ action: 'meter «0xffff0001»' }, 'WBF2114');
    complains({ action: 'set_queue «0x100000000»' }, 'WBF2114');
    complains({ action: 'enqueue(port = 2, queue = «0xffffffff»)' }, 'WBF2114');
    complains({ action: '«group»' }, 'WBF4205');
    complains({ action: '«enqueue»(port = 2)' }, 'WBF4205');
    complains({ action: 'enqueue(port = «flood», queue = 1)' }, 'WBF4103');
    accepts({ action: 'enqueue(port = in_port, queue = 1); enqueue(port = local, queue = 1)' });
    complains({ action: 'pop_queue «1»' }, 'WBF4206');
    complains({ action: 'pop_queue «{}»' }, 'WBF4206');
  });
});
