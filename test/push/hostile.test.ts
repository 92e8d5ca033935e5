// Whatever answers: an outcome, in time, and never an exception.
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startByteServer, startFakeSwitch, startRawServer } from '../lab/fake.ts';
import { message } from '../lab/openflow.ts';
import { Connection } from '../../src/push/connection.ts';
import { Framer } from '../../src/push/framing.ts';
import { flowKey } from '../../src/push/flow-key.ts';
import { identify } from '../../src/push/identity.ts';
import { PlanFlows } from '../../src/push/plan.ts';
import { PushError } from '../../src/push/problem.ts';
import { sendBundle } from '../../src/push/bundle.ts';
import { compare } from '../../src/push/compare.ts';
import { addMeters, growTlvs } from '../../src/push/provision.ts';
import { goodFlows, messageOf, planOf, pushTo } from './plans.ts';
import { group, meter, tlvOf } from './parts.ts';

let dir: string;
let serial = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-hostile-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (): { path: string } => ({ path: join(dir, `s${serial++}`) });

const hello = Buffer.from('0600001000000001 0001000800000040'.replace(' ', ''), 'hex');

/** A switch in memory: answers the n-th message with the n-th of these, and then nothing or the end. */
class Scripted extends Duplex {
  private readonly framer = new Framer(() => null);
  private readonly answers: ((request: Buffer) => Buffer)[];
  private readonly hangUp: boolean;

  constructor(answers: ((request: Buffer) => Buffer)[], hangUp: boolean) {
    super();
    this.answers = [...answers];
    this.hangUp = hangUp;
  }

  override _read(): void {
    // Everything is pushed when it is asked for.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.framer.push(Buffer.from(chunk), (m) => {
      const answer = this.answers.shift();
      if (answer !== undefined) this.push(answer(m));
      if (this.hangUp && this.answers.length === 0 && !this.readableEnded) this.push(null);
    });
    done();
  }
}

/** A program with a part of everything. */
const everything = planOf(goodFlows(3), {
  groups: [group(7, [1])],
  groupIds: [{ first: 7, last: 9 }],
  meters: [meter(5, 100)],
  meterIds: [{ first: 5, last: 6 }],
  tlvs: [tlvOf(0, 0x80)],
});

/** Everything that a push does on a connection. */
async function exchange(socket: Duplex, timeoutMs: number): Promise<string> {
  const connection = new Connection(socket, { name: 'it', offer: ['1.5'], timeoutMs, bridge: 'br0' });
  try {
    await connection.handshake();
    await identify(connection, null);
    const flows = new PlanFlows(everything);
    const { findings, work } = await compare(connection, flows, { adopt: false, replace: true });
    if (findings.length > 0) return 'in the way';
    await growTlvs(connection, everything, work);
    await addMeters(connection, everything, work, new Set());
    const hooks = { onAdded: () => undefined, onCommit: () => undefined };
    const result = await sendBundle(connection, flows, hooks, { work, skip: new Set(), rehearse: false });
    return result.kind;
  } catch (error) {
    if (!(error instanceof PushError)) throw error;
    expect(error.message).not.toMatch(/undefined|NaN|\bat \//);
    return error.problem.code;
  } finally {
    connection.close();
    socket.destroy();
  }
}

/** Answers near the truth: the right transaction id, mostly the right type, and any body. */
const nearlyRight = fc
  .record({
    version: fc.oneof({ weight: 9, arbitrary: fc.constant(6) }, { weight: 1, arbitrary: fc.nat(255) }),
    type: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(1, 2, 6, 19, 21, 33, 4, 0) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
    lie: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -20, max: 200 }) },
    ),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      // The start of a multipart reply or of an error, then anything.
      fc
        .tuple(
          fc.constantFrom(
            '0001000000000000',
            '000d000000000000',
            '0001000100000000',
            '0007000000000000',
            '0007000000000000001801000000000800080000000000000008',
            '000a000000000000',
            '000a000000000000001000010000000500010010',
            '000023200000001a',
            '000023200000001a00000100004000000000000000000000ffff8004',
            '00040009',
            'ffff00000000232',
            '0000000100050000',
          ),
          fc.uint8Array({ maxLength: 96 }),
        )
        .map(([hex, rest]) => Buffer.concat([Buffer.from(hex, 'hex'), rest])),
    ),
    sameXid: fc.boolean(),
  })
  .map(({ version, type, lie, body, sameXid }) => (request: Buffer): Buffer => {
    const m = message(version, type, sameXid ? request.readUInt32BE(4) : 0x0100_0001, body);
    m.writeUInt16BE(Math.max(0, m.length + lie), 2);
    return m;
  });

/** The truth. */
const right = (request: Buffer): Buffer => {
  const xid = request.readUInt32BE(4);
  switch (request[1]) {
    case 0:
      return hello;
    case 5:
      return message(6, 6, xid, Buffer.alloc(24));
    case 18: {
      const head = Buffer.alloc(8);
      request.copy(head, 0, 8, 10);
      return message(6, 19, xid, head);
    }
    case 4: {
      // NXT_TLV_TABLE_REPLY, of an empty map.
      const body = Buffer.alloc(24);
      body.writeUInt32BE(0x2320, 0);
      body.writeUInt32BE(26, 4);
      return message(6, 4, xid, body);
    }
    case 20:
      return message(6, 21, xid);
    case 33: {
      const reply = Buffer.from(request);
      reply.writeUInt16BE(request.readUInt16BE(12) + 1, 12);
      return reply;
    }
    default:
      return Buffer.alloc(0);
  }
};

describe('any bytes', () => {
  test('as the answers of a switch', async () => {
    const wrong = fc.oneof(
      { weight: 4, arbitrary: nearlyRight },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => () => Buffer.from(bytes)) },
    );
    const truth = (n: number): (typeof right)[] => Array.from({ length: n }, () => right);
    // The truth for a while, one or two lies, and the truth again.
    const answers = fc
      .tuple(fc.nat(20), fc.array(wrong, { minLength: 1, maxLength: 2 }), fc.nat(20))
      .map(([before, lies, after]) => [...truth(before), ...lies, ...truth(after)]);
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (script, hangUp) => {
        const how = await exchange(new Scripted(script, hangUp), 5);
        seen.set(how, (seen.get(how) ?? 0) + 1);
      }),
      { numRuns: 2_000 },
    );
    // The property is worth something only if it goes everywhere.
    for (const how of ['committed', 'refused', 'WBF7004', 'WBF7005', 'WBF7009'])
      expect([...seen.keys()]).toContain(how);
  }, 60_000);

  test('the whole truth', async () => {
    expect(
      await exchange(
        new Scripted(
          Array.from({ length: 40 }, () => right),
          false,
        ),
        1_000,
      ),
    ).toBe('committed');
  });

  test('in place of the hello', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        expect(await exchange(new Scripted([() => Buffer.from(bytes)], true), 1_000)).toMatch(
          /^WBF70(03|04|08|09)$/,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('however a stream is cut, its messages come out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        (bodies, cuts) => {
          const sent = bodies.map((body, i) => message(6, 19, i, body));
          const bytes = Buffer.concat(sent);
          const got: Buffer[] = [];
          let turn = 0;
          const framer = new Framer(() => null);
          for (let from = 0; from < bytes.length;) {
            const size = cuts[turn++ % cuts.length]!;
            framer.push(Buffer.from(bytes.subarray(from, from + size)), (m) => got.push(m));
            from += size;
          }
          expect(got.map((m) => m.toString('hex'))).toEqual(sent.map((m) => m.toString('hex')));
        },
      ),
    );
  });

  test('as a match: its key does not throw, and depends on its terms alone', () => {
    const term = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 40 }).map((b) => {
        const t = Buffer.from(b);
        t[3] = t.length - 4;
        return t;
      }),
      fc
        .constantFrom(
          '80000a020800',
          '80000b040800ffff',
          '80000c0211ff',
          '80000d041000ffff',
          '0001000401020304',
          '80010110000000000000000100000000000000ff',
          'ffff040500000000ff',
        )
        .map((h) => Buffer.from(h, 'hex')),
    );
    const match = (terms: Buffer[]): Buffer => {
      const oxm = Buffer.concat(terms);
      const head = Buffer.alloc(4);
      head.writeUInt16BE(1, 0);
      head.writeUInt16BE(4 + oxm.length, 2);
      return Buffer.concat([head, oxm]);
    };
    fc.assert(
      fc.property(fc.array(term, { maxLength: 8 }), (terms) => {
        const key = flowKey(1, 2, match(terms), 0);
        expect(flowKey(1, 2, match([...terms].reverse()), 0)).toBe(key);
        expect(flowKey(2, 2, match(terms), 0)).not.toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('servers that are no switch', () => {
  test.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it says "HTTP/1.1 400 Bad Request'],
    ['an old SSH', Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'), 'it says "SSH-2.0'],
    ['a length of 4', Buffer.from('0600000400000000', 'hex'), 'a message says that it is 4 bytes long'],
    ['no hello first', Buffer.from('0602000800000000', 'hex'), 'its first message is no hello'],
    [
      'another version later',
      Buffer.concat([hello, Buffer.from('0402000800000000', 'hex')]),
      'version byte 0x04',
    ],
  ])('%s', async (_, bytes, words) => {
    const server = await startByteServer(at(), (__, n) => (n === 0 ? bytes : undefined));
    const result = await pushTo(server.target, planOf([]), { timeoutMs: 500 });
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7004' } });
    expect(messageOf(result)).toContain(words);
    await server.close();
  });

  test('one that closes at once', async () => {
    const server = await startByteServer(at(), () => 'cut');
    expect(messageOf(await pushTo(server.target, planOf([])))).toContain('ended before its hello');
    await server.close();
  });

  test('one that refuses our hello, in words', async () => {
    const server = await startByteServer(at(), (_, n) =>
      n === 0
        ? Buffer.concat([
            Buffer.from('01010019000000010000', 'hex'),
            Buffer.from([0, 0]),
            Buffer.from('too new for me!'),
          ]).subarray(0, 25)
        : undefined,
    );
    const result = await pushTo(server.target, planOf([]), { timeoutMs: 500 });
    expect(messageOf(result)).toMatch(/the switch refuses our hello: OFPHFC_INCOMPATIBLE \("too new for m/);
    await server.close();
  });
});

describe('a switch that does not answer', () => {
  test('at all', async () => {
    const server = await startRawServer(at(), () => undefined);
    const result = await pushTo(server.target, planOf([]), { timeoutMs: 300 });
    expect(messageOf(result)).toBe(`${server.target} gave no answer for 0.3 s while we waited for its hello`);
    await server.close();
  });

  test.each([
    ['its features', 5],
    ['its flows', 18],
    ['to have read the flows', 20],
    ['to open a bundle', 33],
  ])('when asked for %s', async (what, type) => {
    let ports = 0;
    const fake = await startFakeSwitch(at(), {
      reply: (m) => {
        // Two multipart requests come: for the LOCAL port and for the flows.
        if (m[1] === 18 && (type !== 18 || ports++ === 0)) return right(m);
        return m[1] === type ? [] : undefined;
      },
    });
    const result = await pushTo(fake.target, planOf(goodFlows(3)), { timeoutMs: 200 });
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7005' } });
    expect(messageOf(result)).toContain(what);
    await fake.close();
  });

  test('the commit: the outcome is looked up', async () => {
    const fake = await startFakeSwitch(at(), {
      reply: (m) => (m[1] === 18 ? right(m) : m[1] === 33 && m.readUInt16BE(12) === 4 ? [] : undefined),
    });
    const result = await pushTo(fake.target, planOf(goodFlows(3)), { timeoutMs: 200 });
    // It has no flows, as before.
    expect(result).toMatchObject({ kind: 'unchanged', problem: { code: 'WBF7013' } });
    await fake.close();
  });

  test('but keeps asking for echoes: they are no progress', async () => {
    const server = await startRawServer(at(), (socket) => {
      socket.write(hello);
      const timer = setInterval(() => socket.write(message(6, 2, 9, Buffer.from('x'))), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const started = Date.now();
    expect(await pushTo(server.target, planOf([]), { timeoutMs: 300 })).toMatchObject({
      problem: { code: 'WBF7005' },
    });
    expect(Date.now() - started).toBeLessThan(2_000);
    await server.close();
  });

  test('and does not read: backpressure, then the timeout', async () => {
    const server = await startRawServer(at(), (socket) => {
      let seen = 0;
      socket.write(hello);
      socket.on('data', (chunk: Buffer) => {
        // Answers up to the opened bundle, and then reads no more.
        const framer = new Framer(() => null);
        framer.push(chunk, (m) => {
          if (m[1] !== 0) socket.write(right(m));
          if (m[1] === 33 && seen++ === 0) socket.pause();
        });
      });
    });
    const result = await pushTo(server.target, planOf(goodFlows(30_000)), { timeoutMs: 500 });
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7005' } });
    await server.close();
  });

  test('answers an endless list of flows in vain', async () => {
    let ports = 0;
    const server = await startFakeSwitch(at(), {
      reply: (m) => {
        if (m[1] !== 18) return undefined;
        if (ports++ === 0) return right(m);
        const more = Buffer.alloc(8);
        more.writeUInt16BE(1, 0);
        more.writeUInt16BE(1, 2);
        return [message(6, 19, m.readUInt32BE(4), more)];
      },
    });
    expect(await pushTo(server.target, planOf([]), { timeoutMs: 200 })).toMatchObject({
      problem: { code: 'WBF7005' },
    });
    await server.close();
  });
});

describe('a switch that wants no bundle', () => {
  const error = (m: Buffer, type: number, code: number): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(type, 0);
    head.writeUInt16BE(code, 2);
    return message(6, 1, m.readUInt32BE(4), Buffer.concat([head, m.subarray(0, 64)]));
  };

  test.each([
    ['when it is opened', 33, 17, 1, 'the switch refuses to open a bundle: OFPBFC_EPERM'],
    ['with each message', 34, 1, 10, 'OFPBRC_IS_SECONDARY'],
    ['when it has expired', 34, 17, 14, 'OFPBFC_TIMEOUT'],
  ])('%s', async (_, type, errorType, code, words) => {
    const fake = await startFakeSwitch(at(), {
      reply: (m) => (m[1] === 18 ? right(m) : m[1] === type ? error(m, errorType, code) : undefined),
    });
    const result = await pushTo(fake.target, planOf(goodFlows(3)), { timeoutMs: 500 });
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7008' } });
    expect(messageOf(result)).toContain(words);
    expect(fake.received.some((m) => m[1] === 33 && m.readUInt16BE(12) === 4)).toBe(false);
    await fake.close();
  });

  test('when it is committed, without a word about a flow', async () => {
    const fake = await startFakeSwitch(at(), {
      reply: (m) => {
        if (m[1] === 18) return right(m);
        return m[1] === 33 && m.readUInt16BE(12) === 4 ? error(m, 17, 13) : undefined;
      },
    });
    const result = await pushTo(fake.target, planOf(goodFlows(3)), { timeoutMs: 500 });
    expect(messageOf(result)).toContain('the commit of the bundle: OFPBFC_MSG_FAILED');
    await fake.close();
  });

  test('that is no Open vSwitch is not asked to rehearse', async () => {
    const fake = await startFakeSwitch(at(), {
      reply: (m) => {
        if (m[1] === 18) return right(m);
        if (m[1] !== 33 || m.readUInt16BE(12) !== 4) return undefined;
        const flow = error(m, 2, 9);
        flow.writeUInt32BE(0x0100_0001, 4);
        return [flow, error(m, 17, 13)];
      },
    });
    const result = await pushTo(fake.target, planOf(goodFlows(3)), { timeoutMs: 500 });
    expect(result).toMatchObject({
      kind: 'refused',
      maybeMore: true,
      errors: [{ switchError: 'OFPBAC_BAD_OUT_GROUP' }],
    });
    expect(fake.received.filter((m) => m[1] === 33 && m.readUInt16BE(12) === 4)).toHaveLength(1);
    await fake.close();
  });
});
