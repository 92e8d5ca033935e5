/** Ports, by number, by declared name and by reserved name. */
import type { Expr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/names.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { wrongKindFor } from '../diagnostics/codes/values.ts';
import type { Details } from '../diagnostics/define.ts';
import { portTo32, RESERVED_PORTS, reservedPort } from '../openflow/ports.ts';
import type { ReservedPort } from '../openflow/ports.ts';
import { complain, followConstants, literal, refuses, valueOf } from './constants.ts';
import type { EvalContext, Literal } from './constants.ts';
import { replaceFix } from './report.ts';
import { kindOf } from './show.ts';

/**
 * What the port is for: compared with the input port, sent to, written into `in_port`, a plain number, or one to keep
 * in a register, where no name will do.
 */
export type PortUse = 'match' | 'output' | 'write' | 'any' | 'register';

/** The OpenFlow 1.1+ number (`in_port` is 0xfffffff8); null when something is wrong with it, which is then reported. */
export function evaluatePort(ctx: EvalContext, expr: Expr, use: PortUse): number | null {
  return portNumber(ctx, literal(expr), use);
}

export function portNumber(ctx: EvalContext, at: Literal, use: PortUse): number | null {
  const { expr } = at;
  if (expr.kind === 'missing') return null;
  if (expr.kind === 'int') return byNumber(ctx, at, expr.value, use);
  if (expr.kind !== 'name') {
    return complain(ctx, at, wrongKindFor, {
      what: 'a port',
      needed: 'a name or a number',
      found: kindOf(expr),
    });
  }
  const word = expr.path.length === 1 && expr.subfield === null ? (expr.path[0]?.text ?? '') : '';
  const reserved = reservedPort(word);
  if (reserved !== undefined) return byName(ctx, at, reserved, use);
  const symbol = word === '' ? undefined : ctx.scope.lookup(word);
  if (symbol?.kind === 'port') {
    if (use === 'register') ctx.scope.unresolvedPorts.useNumber(symbol, { file: ctx.file, span: at.span });
    // A declaration without a usable number has been reported where it stands.
    return symbol.number;
  }
  if (symbol?.kind === 'const') {
    const value = valueOf(at, symbol);
    return value === null ? null : portNumber(ctx, value, use);
  }
  if (symbol === undefined) {
    const correct = word.toLowerCase();
    if (correct !== word && (reservedPort(correct) ?? ctx.scope.lookup(correct)) !== undefined) {
      return complain(
        ctx,
        at,
        notLowerCase,
        { name: word, correct },
        {
          fixes: [replaceFix(ctx, `Write \`${correct}\``, expr.span, correct)],
        },
      );
    }
  }
  const names = [...ctx.scope.ports.map((p) => p.name), ...RESERVED_PORTS.map((p) => p.name)];
  const found = followConstants(ctx, at, 'port', 'a port', names);
  return found === null ? null : portNumber(ctx, found, use);
}

function byName(ctx: EvalContext, at: Literal, port: ReservedPort, use: PortUse): number | null {
  const { name } = port;
  if (use === 'output' && !port.output) return complain(ctx, at, codes.notAnOutputPort, { name });
  if (use === 'match' && !port.input) complain(ctx, at, codes.notAnInputPort, { name });
  return port.number32;
}

const MAX_PORT = 0xfeffn;

/** Is it among the numbers that are set aside, of which most have no name? */
function isReserved(value: bigint): boolean {
  return (value > MAX_PORT && value <= 0xffffn) || (value >= 0xffffff00n && value <= 0xffffffffn);
}

function byNumber(ctx: EvalContext, at: Literal, value: bigint, use: PortUse): number | null {
  // A packet may be given input port 0, which is nobody's, so that it can go back where it came from.
  if (value === 0n && use !== 'output') return 0;
  if (value >= 1n && value <= MAX_PORT) {
    const port = Number(value);
    const standsFor = ctx.scope.unresolvedPorts.byNumber.get(port);
    if (standsFor !== undefined) {
      return complain(ctx, at, codes.standInPort, { port, name: standsFor.name });
    }
    if (ctx.scope.ports.length > 0 && use !== 'any' && ctx.scope.portByNumber(port) === undefined) {
      complain(ctx, at, codes.undeclaredPort, { port });
    }
    return port;
  }
  const reserved = RESERVED_PORTS.find((p) => BigInt(p.number16) === value || BigInt(p.number32) === value);
  // The switch takes any of 16 bits where a port is written or looked up with, any that is set aside where one is matched,
  // and 0 anywhere.
  const unnamed = reserved === undefined && isReserved(value);
  if (value === 0n || (unnamed && (use === 'match' || (use === 'write' && value <= 0xffffn)))) {
    return refuses(ctx, at, codes.unusualPort, { port: value }) ? null : portTo32(Number(value));
  }
  if (reserved === undefined) {
    const details: Details =
      use === 'write' ? {} : { switchError: use === 'output' ? 'OFPBAC_BAD_OUT_PORT' : 'OFPBMC_BAD_VALUE' };
    return complain(ctx, at, codes.badPortNumber, { port: value }, details);
  }
  return complain(
    ctx,
    at,
    codes.reservedPortNumber,
    { port: value, name: reserved.name },
    {
      fixes: [replaceFix(ctx, `Write \`${reserved.name}\``, at.span, reserved.name)],
    },
  );
}
