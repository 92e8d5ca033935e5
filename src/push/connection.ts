/**
 * One OpenFlow connection: agrees on a version, answers echo requests, hands replies to those who asked, and ends
 * exactly once, with a reason. Every wait ends: with the reply, with the connection, or with the timeout.
 */
import type { Duplex } from 'node:stream';
import { connectionLost, noAnswer, notOpenFlow } from '../diagnostics/codes/push.ts';
import { decodeErrorBody, type DecodedError } from '../openflow/errors.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { BadFrame, Framer } from './framing.ts';
import { problem, PushError, reasonOf } from './problem.ts';
import { disagreement, refusal } from './refusal.ts';
import { echoReply, errorMessage, HEADER, hello, offeredBy, OFPT, typeOf, xidOf } from './wire.ts';

/** Answers that a peer does not fetch pile up to here, then it is given up. */
const MAX_UNSENT = 16 << 20;

interface Waiting {
  readonly what: string;
  readonly reject: (error: PushError) => void;
}

export interface ConnectionOptions {
  /** Who is at the other end, for messages. */
  readonly name: string;
  readonly offer: readonly WireVersion[];
  /** Without progress for that long, the connection ends. */
  readonly timeoutMs: number;
  /** What the bridge is called, for advice. */
  readonly bridge: string;
}

export class Connection {
  readonly name: string;
  /** What we are doing, for the message when the connection goes: "while the flows were sent". */
  phase = 'before anything was sent';
  /** Errors about something that nobody waits for: the flows of a bundle. */
  onError: (xid: number, error: DecodedError) => void = () => undefined;

  private readonly socket: Duplex;
  private readonly options: ConnectionOptions;
  private readonly framer: Framer;
  private readonly waiting = new Set<Waiting>();
  private readonly replies = new Map<number, (m: Buffer) => void>();
  private readonly refusals = new Map<number, (error: DecodedError) => void>();
  private version: WireVersion | null = null;
  private onAgreed: (version: WireVersion) => void = () => undefined;
  private lastXid = 0;
  private lastProgress = Date.now();
  private timer: NodeJS.Timeout | null = null;
  private end: PushError | null = null;

  constructor(socket: Duplex, options: ConnectionOptions) {
    this.socket = socket;
    this.name = options.name;
    this.options = options;
    this.framer = new Framer((version, type) => this.wrongHeader(version, type));
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.progress());
    socket.on('error', (error) => this.lost(reasonOf(error)));
    socket.on('end', () => this.lost('the other side closed it'));
    socket.on('close', () => this.lost('it was closed'));
  }

  /** Why it ended; null while it stands. */
  get ended(): PushError | null {
    return this.end;
  }

  get agreed(): WireVersion {
    if (this.version === null) throw new Error('no version agreed on yet');
    return this.version;
  }

  /** A transaction id for a request; those from `FLOW_XID` on belong to the flows. */
  nextXid(): number {
    this.lastXid = (this.lastXid % 0xfffff) + 1;
    return this.lastXid;
  }

  /** Hello to hello (OpenFlow 1.5.1 §6.3.1): of what both offer, the newest. */
  async handshake(): Promise<WireVersion> {
    this.phase = 'during the handshake';
    this.write(hello(this.options.offer, this.nextXid()));
    return (
      this.version ??
      (await this.wait<WireVersion>('its hello', (resolve) => {
        this.onAgreed = resolve;
        return undefined;
      }))
    );
  }

  /** Sends bytes and waits for what `take` makes of the messages with that transaction id (undefined: go on). */
  async request<T>(
    what: string,
    bytes: Buffer,
    take: (m: Buffer) => T | undefined,
    options: { readonly onError?: (error: DecodedError) => T | PushError } = {},
  ): Promise<T> {
    const xid = xidOf(bytes);
    try {
      return await this.wait<T>(what, (resolve, reject) => {
        this.replies.set(xid, (m) => {
          this.progress();
          const result = take(m);
          if (result !== undefined) resolve(result);
        });
        this.refusals.set(xid, (error) => {
          const result = options.onError?.(error) ?? refusal(what, error);
          if (result instanceof PushError) reject(result);
          else resolve(result);
        });
        this.write(bytes);
        return undefined;
      });
    } finally {
      this.replies.delete(xid);
      this.refusals.delete(xid);
    }
  }

  /** Writes bytes, and waits while the other side does not read. */
  async send(bytes: Buffer): Promise<void> {
    if (this.write(bytes)) return;
    await this.wait<undefined>('the switch to read what we send', (resolve) => {
      const done = (): void => resolve(undefined);
      this.socket.once('drain', done);
      return () => this.socket.off('drain', done);
    });
  }

  /** Something that we waited for has happened: the timeout starts anew. Echoes and notifications are not progress. */
  progress(): void {
    this.lastProgress = Date.now();
  }

  /** Ends the connection; every wait fails with this. The first reason stays. */
  fail(error: PushError): void {
    if (this.end !== null) return;
    this.end = error;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const w of [...this.waiting]) w.reject(error);
    this.shut();
  }

  /** Ends it without a fault. */
  close(): void {
    this.fail(this.lostError('we closed it'));
  }

  /** Last words, as far as the socket still takes them. */
  sayAndFail(bytes: Buffer, error: PushError): void {
    if (this.end === null) this.write(bytes);
    this.fail(error);
  }

  private shut(): void {
    const { socket } = this;
    if (socket.destroyed) return;
    // What is written still goes out, unless the other side does not read.
    const timer = setTimeout(() => socket.destroy(), 500);
    socket.once('close', () => clearTimeout(timer));
    socket.end(() => socket.destroy());
    socket.resume();
  }

  private write(bytes: Buffer): boolean {
    if (this.end !== null) throw this.end;
    return this.socket.write(bytes);
  }

  private wait<T>(
    what: string,
    start: (resolve: (value: T) => void, reject: (error: PushError) => void) => (() => void) | undefined,
  ): Promise<T> {
    if (this.end !== null) return Promise.reject(this.end);
    return new Promise<T>((resolve, reject) => {
      let undo: (() => void) | undefined;
      const settle = (): void => {
        this.waiting.delete(entry);
        undo?.();
      };
      const entry: Waiting = {
        what,
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.waiting.add(entry);
      this.progress();
      this.watch();
      try {
        undo = start((value) => {
          settle();
          resolve(value);
        }, entry.reject);
      } catch (error) {
        entry.reject(error instanceof PushError ? error : this.lostError(reasonOf(error)));
      }
    });
  }

  private watch(): void {
    if (this.timer !== null || this.waiting.size === 0 || this.end !== null) return;
    const left = this.lastProgress + this.options.timeoutMs - Date.now();
    if (left <= 0) {
      const what = [...this.waiting].map((w) => w.what).join(' and ');
      const seconds = this.options.timeoutMs / 1000;
      this.fail(
        new PushError(
          problem(
            noAnswer,
            { target: this.name, seconds, waitingFor: what },
            { help: 'look at the log of ovs-vswitchd, or allow more time with --timeout' },
          ),
          true,
        ),
      );
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = null;
      this.watch();
    }, left);
  }

  private lostError(why: string): PushError {
    return new PushError(problem(connectionLost, { target: this.name, during: this.phase, why }), true, why);
  }

  private lost(why: string): void {
    if (this.end !== null) return;
    if (this.version === null)
      this.fail(
        new PushError(
          problem(
            notOpenFlow,
            { target: this.name, why: `the connection ended before its hello (${why})` },
            { help: 'the target must be an OpenFlow socket, such as the BRIDGE.mgmt of a bridge' },
          ),
          true,
        ),
      );
    else this.fail(this.lostError(why));
  }

  private wrongHeader(version: number, type: number): string | null {
    if (this.version !== null) {
      // A refused hello may come in the version of the one who refuses.
      if (version === WIRE_VERSION[this.version] || type === OFPT.error) return null;
      return `a message of version byte 0x${version.toString(16).padStart(2, '0')} where OpenFlow ${this.version} was agreed on`;
    }
    // Bit 7 marked experimental versions; no real one comes near it.
    if (version === 0 || version > 0x7f) return 'its first bytes are no OpenFlow header';
    if (type !== OFPT.hello && type !== OFPT.error) return 'its first message is no hello';
    return null;
  }

  private receive(chunk: Buffer): void {
    if (this.end !== null) return;
    try {
      this.framer.push(chunk, (m) => {
        if (this.end === null) this.handle(m);
      });
    } catch (error) {
      if (error instanceof PushError) this.fail(error);
      else {
        const why = error instanceof BadFrame ? error.message : `a message is malformed (${reasonOf(error)})`;
        this.fail(new PushError(problem(notOpenFlow, { target: this.name, why })));
      }
    }
  }

  private handle(m: Buffer): void {
    switch (typeOf(m)) {
      case OFPT.hello:
        if (this.version === null) this.agree(m);
        return;
      case OFPT.echoRequest:
        if (this.socket.writableLength > MAX_UNSENT)
          throw new BadFrame('it sends echo requests and does not read the answers');
        this.socket.write(echoReply(m));
        return;
      case OFPT.error:
        this.handleError(m);
        return;
      default:
        this.replies.get(xidOf(m))?.(m);
    }
  }

  private handleError(m: Buffer): void {
    const error = decodeErrorBody(this.version ?? this.options.offer[0] ?? '1.5', m.subarray(HEADER));
    if (error === undefined) throw new BadFrame('an error message is too short');
    // OFPET_HELLO_FAILED, with a text: nothing else will come (§7.5.4).
    if (error.type === 0 && error.vendor === 0) throw refusal('our hello', error, asciiOf(error.data));
    const refused = this.refusals.get(xidOf(m));
    if (refused === undefined) this.onError(xidOf(m), error);
    else {
      this.progress();
      refused(error);
    }
  }

  private agree(theirs: Buffer): void {
    const offered = offeredBy(theirs);
    const common = this.options.offer.filter((v) => offered.includes(WIRE_VERSION[v]));
    const best = common.sort((a, b) => WIRE_VERSION[b] - WIRE_VERSION[a])[0];
    if (best === undefined) {
      const error = disagreement(this.name, this.options.bridge, this.options.offer, offered);
      // OFPHFC_INCOMPATIBLE.
      const last = errorMessage(this.options.offer[0] ?? '1.5', 0, 0, 0, 'no version in common');
      this.sayAndFail(last, error);
      return;
    }
    this.version = best;
    this.progress();
    this.onAgreed(best);
  }
}

function asciiOf(data: Uint8Array): string {
  const text = Buffer.from(data).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : '';
}
