/**
 * A conversation with one switch, from the first connection to the outcome. Works on plain data only, so that it runs
 * in a thread of its own as well (`thread.ts`).
 */
import { connectionLost, interrupted, noBundles, pushFailed } from '../diagnostics/codes/push.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import { CallingDialer } from './calling.ts';
import type { Connected, Dialer, DialerOptions } from './dialer.ts';
import { Installation } from './installation.ts';
import { askPorts, metersOf } from './inventory.ts';
import { ListeningDialer } from './listening.ts';
import { bindMeters } from './meters.ts';
import { PlanFlows, wrongPlan, type BindingRequest, type WirePlan } from './plan.ts';
import { problem, PushError, reasonOf } from './problem.ts';
import { meterDeletions } from './provision.ts';
import {
  refused,
  type Bound,
  type Failure,
  type Outcome,
  type SessionHooks,
  type Sessionlike,
  type SessionOptions,
} from './session-types.ts';
import { formatTarget, type Target } from './target.ts';

export class Session implements Sessionlike {
  private readonly target: Target;
  private readonly options: SessionOptions;
  private readonly hooks: SessionHooks;
  private readonly dialer: Dialer;
  private connected: Connected | null = null;
  private installation: Installation | null = null;

  constructor(target: Target, options: SessionOptions, hooks: SessionHooks) {
    this.target = target;
    this.options = options;
    this.hooks = hooks;
    const offer = options.offer?.filter(isWireVersion) ?? [];
    const dialing: DialerOptions = {
      offer: offer.length > 0 ? offer : null,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT,
      onListening: (port) => hooks.onListening?.(port),
      onRejected: (identity) => hooks.onRejected?.(identity),
    };
    this.dialer =
      target.kind === 'ptcp' ? new ListeningDialer(target, dialing) : new CallingDialer(target, dialing);
  }

  /** Listens for the switch, or calls it where a version is to be offered, before there is anything to push. */
  start(): void {
    this.dialer.start();
  }

  ports(request: BindingRequest): Promise<Bound> {
    return this.guarded(async () => {
      const { connection } = await this.connect(request);
      connection.phase = 'while its ports were looked at';
      const ports = await askPorts(connection);
      return { kind: 'bound', numbers: new Map(ports.map(({ name, number }) => [name, number])) };
    });
  }

  meters(request: BindingRequest): Promise<Bound> {
    return this.guarded(async () => {
      const { connection } = await this.connect(request);
      connection.phase = 'while its meters were looked at';
      const ids = bindMeters(request, await metersOf(connection, request));
      const numbers = new Map<string, number>();
      const without: number[] = [];
      ids.forEach((id, i) => {
        const meter = request.meters[i];
        if (id === null) without.push(i);
        else if (meter !== undefined) numbers.set(meter.name, id);
      });
      if (without.length > 0) return refused(without.map((index) => ({ kind: 'no meter id', index })));
      return { kind: 'bound', numbers };
    });
  }

  async push(plan: WirePlan): Promise<Outcome> {
    try {
      return await this.guarded(async (): Promise<Outcome> => {
        const wrong = wrongPlan(plan);
        if (wrong !== null) return { kind: 'failed', problem: problem(pushFailed, { why: wrong }) };
        this.installation = new Installation(new PlanFlows(plan), {
          target: formatTarget(this.target),
          timeoutMs: this.options.timeoutMs ?? DEFAULT_TIMEOUT,
          adopt: this.options.adopt ?? false,
          replace: this.options.replace ?? true,
          connect: () => this.connect(plan),
          report: (phase, done) => this.hooks.onProgress?.({ phase, done, total: plan.flowCount }),
        });
        return await this.installation.run();
      });
    } finally {
      this.close();
    }
  }

  /** Ctrl-C: the bundle is forgotten. Once the commit is sent it cannot be taken back, and its answer is waited for. */
  abort(): void {
    if (this.installation?.isCommitted === true) return;
    const reason = new PushError(problem(interrupted, { target: formatTarget(this.target) }));
    const connection = this.connected?.connection;
    if (connection?.ended === null) {
      // Last words: the meters that nobody will use.
      const meters = meterDeletions(connection, this.installation?.addedMeters ?? []);
      connection.sayAndFail(Buffer.concat(meters), reason);
    }
    this.dialer.close(reason);
  }

  close(): void {
    this.connected?.connection.close();
    this.dialer.close(new PushError(problem(pushFailed, { why: 'the session is closed' })));
  }

  private async connect({ version, bridgeName }: BindingRequest): Promise<Connected> {
    if (!isWireVersion(version)) throw new PushError(problem(noBundles, { version }));
    const there = this.connected;
    if (there?.connection.ended === null && there.connection.agreed === version) return there;
    const { bridge = null, dpid = null } = this.options;
    // Who calls us may be anyone; an address that somebody wrote down says as much as the program's `bridge`.
    const own = this.target.kind === 'ptcp' && dpid === null ? bridgeName : null;
    this.connected = await this.dialer.next({ bridge: bridge ?? own, dpid }, version);
    return this.connected;
  }

  /** Nothing that goes wrong leaves as an exception. */
  private async guarded<T>(work: () => Promise<T>): Promise<T | Failure> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PushError))
        return { kind: 'failed', problem: problem(pushFailed, { why: reasonOf(error) }) };
      const unchanged = error.problem.code === connectionLost.code || error.problem.code === interrupted.code;
      return { kind: unchanged ? 'unchanged' : 'failed', problem: error.problem };
    }
  }
}

const DEFAULT_TIMEOUT = 10_000;
