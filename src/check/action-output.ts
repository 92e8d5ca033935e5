/** Actions that send the packet somewhere (ovs-actions(7), "Output actions"), and the queues they use. */
import type { CommandStatement, Expr, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action, ControllerReason, SubfieldRef } from '../ir/types.ts';
import { fieldByName } from '../openflow/fields.ts';
import { RESERVED_PORTS, reservedPort } from '../openflow/ports.ts';
import { bytesOf, missing, numberOf, oneOf, readArguments } from './action-args.ts';
import type { Limits } from './action-args.ts';
import { fieldOf, subfieldRef } from './action-assign.ts';
import { fitsName } from './action-hash.ts';
import type { ActionList } from './action-list.ts';
import { checkOutput } from './packet-types.ts';
import { evaluateGroup, evaluateMeter } from './references.ts';
import { replaceFix } from './report.ts';
import { showTarget } from './show.ts';
import { evaluatePort } from './values.ts';

/** Bytes of the packet that go to a controller: all. */
const NO_LIMIT = 0xffff;

const IN_PORT = 0xfffffff8;
const CONTROLLER = 0xfffffffd;
const LOCAL = 0xfffffffe;

/** Ports with numbers from here on are reserved ones. */
const FIRST_RESERVED = 0xffffff00;

/**
 * `output in_port`, `output uplink`, `output reg0[0..15]`, `output(port = 2, max_len = 100)`
 *
 * Port 0 is refused, although the switch takes it (seen on OVS 3.1.0): no port has that number, and the packet is lost
 * ("Nonexistent output port" in a trace). As an *input* port 0 has a use, and `in_port = 0` is taken: a packet that
 * came in by no port can go out by any.
 */
export function output(list: ActionList, s: CommandStatement): Action | null {
  const form = 'output PORT, output FIELD or output(port = PORT, max_len = BYTES)';
  const args = readArguments(list, s, { values: ['port', 'max_len'], positional: 1, form });
  const expr = args.value('port');
  const max = numberOf(list, args, 'max_len', {
    what: 'max_len',
    min: 14,
    max: 0xffffffff,
    switchError: 'OFPBAC_BAD_ARGUMENT',
  });
  if (expr === undefined) return args.sound ? missing(list, s, 'a port', form) : null;
  const to = destination(list, expr);
  if (to === null || !args.sound || max === null) return null;
  if (typeof to !== 'number') {
    if (max !== undefined) {
      return list.error(codes.truncatedOutput, { port: 'a port read from a field' }, args.span('max_len'));
    }
    return { kind: 'output_reg', source: to, maxLen: NO_LIMIT };
  }
  notBack(list, to, expr.span);
  checkOutput(list, to, { file: list.ctx.file, span: expr.span });
  if (max === undefined) return { kind: 'output', port: to, maxLen: NO_LIMIT };
  if (to >= FIRST_RESERVED && to !== IN_PORT && to !== LOCAL) {
    const port = `\`${RESERVED_PORTS.find((p) => p.number32 === to)?.name ?? to}\``;
    const help = to === CONTROLLER ? { help: 'write `controller(max_len = …)`' } : {};
    if (list.refuses(codes.truncatedOutput, { port }, args.span('max_len'), help)) return null;
  }
  return { kind: 'output_trunc', port: to, maxLen: max };
}

/** A reserved port as an action of its own: `normal`, `flood`, `in_port` … */
export function bareReservedPort(list: ActionList, s: CommandStatement): Action | null {
  const name = s.name.text;
  const args = readArguments(list, s, { form: name });
  const port = evaluatePort(
    list.ctx,
    { kind: 'name', path: [s.name], subfield: null, span: s.name.span },
    'output',
  );
  if (port === null) return list.fail();
  return args.sound ? { kind: 'output', port, maxLen: NO_LIMIT } : null;
}

function destination(list: ActionList, expr: Expr): number | SubfieldRef | null {
  if (expr.kind === 'name') {
    const word = expr.path.length === 1 ? (expr.path[0]?.text ?? '') : '';
    const symbol = list.ctx.scope.lookup(word);
    const isField = symbol?.kind === 'register' || (symbol === undefined && fieldByName(word) !== undefined);
    if (expr.subfield !== null || (isField && reservedPort(word) === undefined)) {
      const field = fieldOf(list, expr);
      if (field === null) return null;
      list.needs(field.field.prerequisite, `\`${showTarget(field)}\``, expr.span);
      return fitsName(list, field, 'output') ? subfieldRef(field) : null;
    }
  }
  return evaluatePort(list.ctx, expr, 'output') ?? list.fail();
}

/** OpenFlow never sends a packet out of the port that it came in by, unless told so by `in_port`. */
function notBack(list: ActionList, port: number, span: Span): void {
  if (list.inPort === null || list.inPort !== port) return;
  const source = list.match.sources.get('in_port') ?? list.match.sources.get('in_port_oxm');
  list.warn(codes.backToInput, { port }, span, {
    related:
      source === undefined
        ? []
        : [{ file: source.file, ...source.span, message: 'the packet comes in by this port' }],
    fixes: [replaceFix(list.ctx, 'Write `in_port`', span, 'in_port')],
  });
}

const REASONS: readonly ControllerReason[] = [
  'no_match',
  'action',
  'invalid_ttl',
  'action_set',
  'group',
  'packet_out',
];

/** As many bytes of userdata as fit the action, whose length has 16 bits. */
const MAX_USERDATA = 65000;

/** `controller`, `controller(max_len = 128, reason = no_match, id = 5, userdata = "01.02", pause, meter_id = 3)` */
export function controller(list: ActionList, s: CommandStatement): Action | null {
  const args = readArguments(list, s, {
    values: ['max_len', 'reason', 'id', 'userdata', 'meter_id'],
    flags: ['pause'],
    form: 'controller or controller(max_len = BYTES, reason = …, id = …, userdata = "…", pause, meter_id = …)',
  });
  const maxLen = numberOf(list, args, 'max_len', { what: 'max_len', max: 0xffff });
  const id = numberOf(list, args, 'id', { what: 'the id of a controller', max: 0xffff });
  // The switch does not look whether there is such a meter.
  const meterExpr = args.value('meter_id');
  const meterId =
    meterExpr === undefined
      ? undefined
      : (evaluateMeter(list.ctx, meterExpr, { switchError: null })?.id ?? list.fail());
  const reasonExpr = args.value('reason');
  const reason = reasonExpr === undefined ? 'action' : oneOf(list, reasonExpr, 'the reason', REASONS);
  const userdataExpr = args.value('userdata');
  const userdata =
    userdataExpr === undefined ? undefined : bytesOf(list, userdataExpr, '`userdata`', MAX_USERDATA);
  if (!args.sound || maxLen === null || id === null || meterId === null) return null;
  if (reason === null || userdata === null) return null;
  const pause = args.flag('pause') !== undefined;
  const plain =
    reason === 'action' && (id ?? 0) === 0 && userdata === undefined && !pause && meterId === undefined;
  // The plain form is an output, as ovs-ofctl has it; only that may be in an action set.
  if (plain) return { kind: 'output', port: CONTROLLER, maxLen: maxLen ?? NO_LIMIT };
  return {
    kind: 'controller',
    maxLen: maxLen ?? NO_LIMIT,
    reason,
    id: id ?? 0,
    userdata: userdata ?? null,
    pause,
    meterId: meterId ?? null,
  };
}

/** `group web`, `group 5`: the group has to exist when the flow is installed. */
export function group(list: ActionList, s: CommandStatement): Action | null {
  const expr = reference(list, s, 'group');
  if (expr === null) return null;
  // In a bucket the switch does not look.
  const unnoticed = list.level === 'bucket' ? { switchError: null } : {};
  const id = evaluateGroup(list.ctx, expr, unnoticed)?.id ?? null;
  return id === null ? list.fail() : { kind: 'group', id };
}

/** `meter limit`, `meter 3` */
export function meter(list: ActionList, s: CommandStatement): Action | null {
  const expr = reference(list, s, 'meter');
  const id = expr === null ? null : (evaluateMeter(list.ctx, expr)?.id ?? null);
  return id === null ? list.fail() : { kind: 'meter', id };
}

/** The one argument of an action that names a declaration. */
function reference(list: ActionList, s: CommandStatement, what: 'group' | 'meter'): Expr | null {
  const form = `${what} NAME`;
  const args = readArguments(list, s, { values: [what], positional: 1, form });
  const expr = args.value(what);
  if (expr === undefined) return args.sound ? missing(list, s, 'a name', form) : null;
  return args.sound ? expr : null;
}

/** `set_queue 2` */
export function setQueue(list: ActionList, s: CommandStatement): Action | null {
  const queue = single(list, s, 'queue', { what: 'a queue', max: 0xffffffff });
  return queue === null ? null : { kind: 'set_queue', queue };
}

function single(list: ActionList, s: CommandStatement, name: string, limits: Limits): number | null {
  const form = `${s.name.text} NUMBER`;
  const args = readArguments(list, s, { values: [name], positional: 1, form });
  const value = numberOf(list, args, name, limits);
  if (value === undefined) return args.sound ? missing(list, s, 'a number', form) : null;
  return args.sound ? value : null;
}

/** `enqueue(port = 2, queue = 1)` */
export function enqueue(list: ActionList, s: CommandStatement): Action | null {
  const form = 'enqueue(port = PORT, queue = NUMBER)';
  const args = readArguments(list, s, { values: ['port', 'queue'], positional: 2, form });
  const expr = args.value('port');
  const queue = numberOf(list, args, 'queue', { what: 'a queue', max: 0xfffffffe });
  if (expr === undefined) return args.sound ? missing(list, s, 'a port', form) : null;
  const port = evaluatePort(list.ctx, expr, 'output') ?? list.fail();
  if (queue === undefined) return args.sound ? missing(list, s, 'a queue', form) : null;
  if (port === null || queue === null || !args.sound) return null;
  if (port >= FIRST_RESERVED && port !== IN_PORT && port !== LOCAL) {
    const name = RESERVED_PORTS.find((p) => p.number32 === port)?.name ?? port.toString();
    return list.error(codes.noQueues, { port: name }, expr.span);
  }
  notBack(list, port, expr.span);
  return { kind: 'enqueue', port, queue };
}
