// A raw OpenFlow client: sends any bytes unchecked and tells which error the switch names for each message.
import { writeFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  barrierRequest,
  bundleAddMessage,
  bundleControl,
  bundleControlMessage,
  isBarrierReply,
  message,
  MessageSplitter,
  ofpt,
  readBundleControl,
  readError,
  typeOf,
  versionByte,
  versionOf,
  withXid,
  xidOf,
  type WireError,
} from './openflow.ts';
import type { Lab, OpenFlowVersion } from './switch.ts';

export type { WireError } from './openflow.ts';

export interface FlowModError extends WireError {
  /** Index of the message that the switch refused. */
  readonly index: number;
}

export class ConnectionClosed extends Error {
  override name = 'ConnectionClosed';
}

export interface WireClient {
  readonly version: number;
  /** Every message of the switch so far, hello included. */
  readonly received: readonly Buffer[];
  /** A transaction id that this connection has not used. */
  readonly xid: () => number;
  /** Writes the bytes as they are. */
  readonly send: (bytes: Uint8Array) => void;
  /** Sends the bytes and a barrier; resolves to what the switch said before its barrier reply. */
  readonly request: (bytes?: Uint8Array, timeout?: number) => Promise<Buffer[]>;
  /** The next message that satisfies the condition, from those not yet taken. */
  readonly next: (wanted?: (m: Buffer) => boolean, timeout?: number) => Promise<Buffer>;
  /** Resolves when the switch has closed the connection. */
  readonly closed: Promise<void>;
  readonly close: () => void;
}

/** Connects to a `.mgmt` socket and agrees on a version. Throws when the switch does not speak it. */
export async function openWire(
  path: string,
  version: OpenFlowVersion = 'OpenFlow15',
  { timeout = 5_000 }: { timeout?: number } = {},
): Promise<WireClient> {
  const byte = versionByte(version);
  const client = await openRaw(path, byte);
  try {
    // A bitmap with this version alone: with a plain hello the switch may settle on a lower one.
    const bitmap = Buffer.from([0, 1, 0, 8, 0, 0, 0, 1 << byte]);
    client.send(message(byte, ofpt.hello, client.xid(), byte >= 4 ? bitmap : Buffer.alloc(0)));
    const hello = await client.next(undefined, timeout);
    if (typeOf(hello) !== ofpt.hello) throw new Error(`no hello: ${hello.toString('hex')}`);
    // The switch says nothing more when it agrees, so ask.
    await client.request(undefined, timeout);
    return client;
  } catch (error) {
    client.close();
    throw new Error(`${path} does not speak ${version}`, { cause: error });
  }
}

/** The same connection without a hello: for tests of the handshake itself. */
export async function openRaw(path: string, version = 6): Promise<WireClient> {
  const socket = await connected(path);
  const received: Buffer[] = [];
  const waiting: Buffer[] = [];
  const splitter = new MessageSplitter();
  let nextXid = 1;
  let open = true;
  let wake: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      open = false;
      wake();
      resolve();
    });
  });
  socket.on('error', () => undefined); // 'close' follows
  socket.on('data', (chunk: Buffer) => {
    for (const m of splitter.push(chunk)) {
      if (typeOf(m) === ofpt.echoRequest) {
        socket.write(message(versionOf(m), ofpt.echoReply, xidOf(m), m.subarray(8)));
        continue;
      }
      received.push(m);
      waiting.push(m);
    }
    wake();
  });

  const next = async (wanted: (m: Buffer) => boolean = () => true, timeout = 5_000): Promise<Buffer> => {
    const end = Date.now() + timeout;
    for (;;) {
      const at = waiting.findIndex(wanted);
      const found = waiting[at];
      if (found !== undefined) {
        waiting.splice(at, 1);
        return found;
      }
      if (!open) throw new ConnectionClosed('the switch closed the connection');
      if (Date.now() >= end) throw new Error(`no answer of the switch within ${timeout} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - Date.now());
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const client: WireClient = {
    version,
    received,
    closed,
    xid: () => nextXid++,
    next,
    send: (bytes) => {
      socket.write(bytes);
    },
    request: async (bytes, timeout) => {
      if (bytes !== undefined) client.send(bytes);
      const xid = 0x8000_0000 + nextXid++;
      client.send(barrierRequest(version, xid));
      await next((m) => isBarrierReply(m) && xidOf(m) === xid, timeout);
      return waiting.splice(0);
    },
    close: () => {
      socket.destroy();
    },
  };
  return client;
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

// Message i goes out with this transaction id, so that errors find their way back to i.
const firstXid = 0x4000_0000;

function indexErrors(replies: readonly Buffer[], count: number): FlowModError[] {
  return replies.flatMap((m) => {
    const error = readError(m);
    const index = xidOf(m) - firstXid;
    return error === undefined || index < 0 || index >= count ? [] : [{ ...error, index }];
  });
}

/**
 * Sends each message as it is but for its transaction id, outside a bundle, and returns the errors in the order
 * of the messages. What the switch accepts is installed.
 */
export async function sendFlowMods(
  path: string,
  messages: readonly Buffer[],
  version: OpenFlowVersion = 'OpenFlow15',
): Promise<FlowModError[]> {
  const client = await openWire(path, version);
  try {
    const bytes = Buffer.concat(messages.map((m, i) => withXid(m, firstXid + i)));
    const replies = await client.request(bytes, 30_000);
    return indexErrors(replies, messages.length).sort((a, b) => a.index - b.index);
  } finally {
    client.close();
  }
}

export interface BundleOptions {
  /** Default 3: atomic and ordered. */
  readonly flags?: number;
  /** Commit although a message was refused: the switch then installs the others. Default: discard. */
  readonly commitAnyway?: boolean;
}

export interface BundleResult {
  readonly committed: boolean;
  /** Refused when added, or at the commit; in this order. */
  readonly errors: readonly FlowModError[];
  /** Errors about the bundle itself, such as OFPBFC_MSG_FAILED. */
  readonly bundleErrors: readonly WireError[];
}

/** The same in one bundle (OpenFlow 1.3 and later): all of the messages or none. */
export async function sendFlowModsInBundle(
  path: string,
  messages: readonly Buffer[],
  version: OpenFlowVersion = 'OpenFlow15',
  { flags = 3, commitAnyway = false }: BundleOptions = {},
): Promise<BundleResult> {
  const client = await openWire(path, version);
  const id = 1;
  const errors: FlowModError[] = [];
  const bundleErrors: WireError[] = [];
  const exchange = async (bytes: Buffer): Promise<Buffer[]> => {
    const replies = await client.request(bytes, 30_000);
    errors.push(...indexErrors(replies, messages.length));
    const others = replies.flatMap((m) => readError(m) ?? []);
    bundleErrors.push(...others.filter(({ xid }) => xid < firstXid || xid >= firstXid + messages.length));
    return replies;
  };
  const control = (type: number): Promise<Buffer[]> =>
    exchange(bundleControlMessage(client.version, client.xid(), id, type, flags));
  try {
    await control(bundleControl.open);
    await exchange(
      Buffer.concat(
        messages.map((m, i) => bundleAddMessage(client.version, id, flags, withXid(m, firstXid + i))),
      ),
    );
    const refused = errors.length + bundleErrors.length > 0;
    const replies = await control(refused && !commitAnyway ? bundleControl.discard : bundleControl.commit);
    const committed = replies.some((m) => readBundleControl(m)?.type === bundleControl.commitReply);
    return { committed, errors, bundleErrors };
  } finally {
    client.close();
  }
}

let serial = 0;

/** The names that ovs-ofctl has for these errors, such as OFPBMC_BAD_PREREQ, in order. */
export async function errorNames(lab: Lab, errors: readonly WireError[]): Promise<string[]> {
  if (errors.length === 0) return [];
  const file = join(lab.dir, `errors-${serial++}`);
  await writeFile(file, Buffer.concat(errors.map(({ raw }) => raw)));
  const { stdout } = await lab.ofctl('ofp-parse', file, { check: true, timeout: 60_000 });
  await rm(file);
  return [...stdout.matchAll(/^OFPT_ERROR.*?: (\w+)$/gm)].map((found) => found[1] ?? '');
}
