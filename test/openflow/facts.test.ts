/** The tables against a reading of OVS's own sources, where that is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ActionName } from '../../src/openflow/actions.ts';
import { ACTIONS, actionByName } from '../../src/openflow/actions.ts';
import { ERROR_NAMES, errorByName, errorCode } from '../../src/openflow/errors.ts';
import { field, fieldByName, FIELDS } from '../../src/openflow/fields.ts';
import { flagBits, valueName } from '../../src/openflow/names.ts';
import { headerFor, headerWord, matchOrder } from '../../src/openflow/oxm.ts';
import { reservedPort } from '../../src/openflow/ports.ts';
import { PROTOCOLS } from '../../src/openflow/protocols.ts';
import type { ActionWire, OpenFlowVersion, ValueDomain } from '../../src/openflow/types.ts';
import { inVersions, OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';

const folder = new URL('../../../shared/ovs/', import.meta.url);

interface Check {
  readonly forbidden_bits?: string;
  readonly one_of?: readonly number[];
  readonly max?: number;
}

interface FieldFacts {
  readonly fields: readonly {
    readonly name: string;
    readonly extra_names: readonly string[];
    readonly n_bits: number;
    readonly n_bytes: number;
    readonly maskable: string;
    readonly writable: boolean;
    readonly formatting: string;
    readonly prerequisites: string;
    readonly value_check: Check | null;
    readonly headers: readonly {
      readonly name: string;
      readonly class: string;
      readonly field: number;
      readonly experimenter: string | null;
      readonly length: number;
      readonly since_openflow: string | null;
      readonly header: string;
      readonly header_masked: string;
    }[];
    readonly usable_exact: readonly string[];
    readonly usable_cidr: readonly string[];
    readonly usable_bitwise: readonly string[];
    readonly header_emitted: Readonly<Record<string, string | null>> | null;
    readonly pipeline_field: boolean;
  }[];
  readonly protocol_shorthands: Readonly<Record<string, { eth_type?: number; ip_proto?: number }>>;
  readonly match_emit_order: readonly string[];
  readonly named_ports: Readonly<Record<string, number | string>>;
  readonly ct_state_bits: Readonly<Record<string, number>>;
  readonly tcp_flags_bits: Readonly<Record<string, number>>;
  readonly ip_frag_values: Readonly<Record<string, { value: number; mask: number }>>;
}

interface ErrorFacts {
  readonly errors: readonly {
    readonly name: string;
    readonly codes: Readonly<Partial<Record<OpenFlowVersion, { wire: string }>>>;
  }[];
}

interface ActionFacts {
  readonly text_actions: readonly { readonly name: string }[];
  readonly raw_actions: readonly {
    readonly raw: string;
    readonly wire: Readonly<
      Record<
        string,
        { deprecated: boolean; kind: string; number: number; min_len: number; fixed_len: boolean }
      >
    >;
  }[];
  readonly action_set: { readonly allowed_in_write_actions: readonly string[] };
}

type Vectors = readonly {
  readonly action: string;
  readonly text: string;
  readonly by_version: Readonly<Record<string, { emits?: readonly string[] }>>;
}[];

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const fieldFacts = () => read('fields.json') as FieldFacts;

describe.skipIf(!existsSync(folder))('the facts', () => {
  it('of the fields agree', () => {
    const facts = fieldFacts();
    const domain = (check: Check | null): ValueDomain => {
      if (check === null) return { kind: 'any' };
      if (check.forbidden_bits !== undefined)
        return { kind: 'forbidden bits', bits: BigInt(check.forbidden_bits) };
      if (check.one_of !== undefined) return { kind: 'one of', values: check.one_of.map(BigInt) };
      if (check.max !== undefined) return { kind: 'max', max: BigInt(check.max) };
      return { kind: 'OpenFlow 1.1+ port' };
    };
    const sorted = <T extends { readonly name: string }>(headers: readonly T[]): T[] =>
      [...headers].sort((a, b) => (a.name < b.name ? -1 : 1));
    const theirs = facts.fields.map((f) => ({
      name: f.name,
      aliases: f.extra_names,
      bits: f.n_bits,
      bytes: f.n_bytes,
      maskable: f.maskable === 'fully',
      writable: f.writable,
      format: f.formatting,
      prerequisite: f.prerequisites,
      domain: domain(f.value_check),
      headers: sorted(
        f.headers.map((h) => ({
          name: h.name,
          class: Number(h.class),
          field: h.field,
          experimenter: h.experimenter === null ? null : Number(h.experimenter),
          length: h.length,
          since: h.since_openflow,
          word: Number(h.header),
          masked: Number(h.header_masked),
        })),
      ),
      exactIn: f.usable_exact,
      maskedIn: f.usable_bitwise,
      prefixIn: f.usable_cidr,
      pipeline: f.pipeline_field,
    }));
    const ours = FIELDS.map((f) => ({
      ...f,
      id: undefined,
      summary: undefined,
      headers: sorted(f.headers.map((h) => ({ ...h, word: headerWord(h), masked: headerWord(h, true) }))),
    }));
    expect(ours).toEqual(theirs);
    for (const f of facts.fields) {
      for (const v of ['NXM', '1.2', '1.3', '1.4', '1.5'] as const) {
        const emitted = f.header_emitted?.[v] ?? undefined;
        expect.soft(headerFor(fieldByName(f.name)!, v)?.name, `${f.name} in ${v}`).toBe(emitted);
      }
    }
    const implied = Object.entries(facts.protocol_shorthands).map(([name, { eth_type, ip_proto }]) => [
      name,
      name === 'eth' ? { packet_type: 0 } : { eth_type, nw_proto: ip_proto },
    ]);
    expect(PROTOCOLS).toEqual(Object.fromEntries(implied));
  });

  it('of the names agree', () => {
    const facts = fieldFacts();
    for (const [name, number] of Object.entries(facts.named_ports)) {
      if (!name.startsWith('_')) expect(reservedPort(name)?.number16, name).toBe(number);
    }
    const numbered = (name: 'ct_state' | 'tcp_flags') =>
      Object.fromEntries([...flagBits(field(name))!].map(([n, b]) => [n, Number(b)]));
    expect(numbered('ct_state')).toEqual(facts.ct_state_bits);
    expect(facts.tcp_flags_bits).toMatchObject(numbered('tcp_flags'));
    for (const [name, { value, mask }] of Object.entries(facts.ip_frag_values)) {
      expect(valueName(field('ip_frag'), name)).toEqual({ value: BigInt(value), mask: BigInt(mask) });
    }
  });

  it('of the order of matches agree', () => {
    const inOrder = fieldFacts()
      .match_emit_order.join(' ')
      .replace('in_port(OXM)', 'in_port_oxm')
      .match(/[a-z][a-z0-9_]+/g)!
      .filter((w) => FIELDS.some((f) => f.name === w));
    const order = [...new Set(inOrder)].filter((n) => n !== 'tun_metadata0');
    const ours = [...order].sort((a, b) => matchOrder(fieldByName(a)!) - matchOrder(fieldByName(b)!));
    expect(ours).toEqual(order);
  });

  it('of the errors agree', () => {
    const facts = read('errors.json') as ErrorFacts;
    expect(ERROR_NAMES.map((n) => `OFPERR_${n}`)).toEqual(facts.errors.map((e) => e.name));
    for (const e of facts.errors) {
      for (const v of OPENFLOW_VERSIONS) {
        const c = errorCode(errorByName(e.name)!, v);
        const wire =
          c === undefined
            ? undefined
            : c.form === 'standard'
              ? `ofp_error_msg{type=${c.type},code=${c.code}}`
              : c.form === 'nicira'
                ? `nx_vendor_error{type=0xb0c2,code=0,vendor=0x00002320,type=${c.type},code=${c.code}}`
                : `experimenter_error{type=0xffff,exp_type=${c.code},experimenter=0x${c.vendor.toString(16).padStart(8, '0')}}`;
        expect(wire, `${e.name} in ${v}`).toBe(e.codes[v]?.wire);
      }
    }
  });

  it('of the actions agree', () => {
    const facts = read('actions.json') as ActionFacts;
    const internal = new Set(['output_reg', 'output_trunc', 'unroll_xlate', 'apply_actions']);
    const theirs = facts.text_actions
      .flatMap((t) => (t.name.startsWith('normal|') ? [] : t.name.split('|')))
      .filter((n) => !internal.has(n));
    for (const name of theirs) expect.soft(actionByName(name), name).toBeDefined();
    expect(ACTIONS.filter((a) => !theirs.includes(a.name))).toEqual([]);
    // Every number that the switch decodes and ovs-ofctl encodes belongs to some action.
    for (const raw of facts.raw_actions) {
      for (const [version, w] of Object.entries(raw.wire)) {
        if (w.deprecated || w.kind === 'onf') continue;
        const found = ACTIONS.flatMap((a) => a.wire).find(
          (x) =>
            x.form === w.kind &&
            x.number === w.number &&
            inVersions(x.versions, version as OpenFlowVersion) &&
            (x.grows ? x.bytes >= w.min_len : x.bytes === w.min_len),
        );
        const neverSent = new Set([
          'NXAST_RAW_SET_TUNNEL',
          'NXAST_RAW_SET_TUNNEL64',
          'NXAST_RAW_WRITE_METADATA',
        ]);
        if (neverSent.has(raw.raw) && version !== '1.0') continue;
        expect.soft(found, `${raw.raw} in ${version}`).toBeDefined();
      }
    }
    const allowed = new Set(
      facts.action_set.allowed_in_write_actions
        .flatMap((n) => n.split('/'))
        .map((n) => actionByName(n)?.name),
    );
    for (const a of ACTIONS) {
      const sameAs: Partial<Record<ActionName, ActionName>> = {
        set_tunnel64: 'set_tunnel',
        controller: 'output',
      };
      expect.soft(a.inActionSet !== 'no', a.name).toBe(allowed.has(sameAs[a.name] ?? a.name));
    }
  });

  it('of the bytes that ovs-ofctl sends agree', () => {
    const identify = (emitted: string): Pick<ActionWire, 'form' | 'number' | 'bytes'>[] => {
      const instructions: Record<string, number> = {
        goto_table: 1,
        write_metadata: 2,
        write_actions: 3,
        clear_actions: 5,
        meter: 6,
      };
      const [, name] = /^(goto_table|write_metadata|write_actions|clear_actions|meter)/.exec(emitted) ?? [];
      if (name !== undefined) return [{ form: 'instruction', number: instructions[name]!, bytes: 0 }];
      return [...emitted.matchAll(/(of|nx):(\d+)\/(\d+)/g)].map(([, kind, number, bytes]) => ({
        form: kind === 'of' ? 'standard' : 'nicira',
        number: Number(number),
        bytes: Number(bytes),
      }));
    };
    let compared = 0;
    for (const vector of read('action_vectors.json') as Vectors) {
      if (vector.action.startsWith('normal|')) continue;
      const a = actionByName(/^[a-z0-9_]+/.exec(vector.text)![0])!;
      for (const [version, { emits }] of Object.entries(vector.by_version)) {
        const refused = version < '1.3' && (a.name === 'decap' || a.name === 'dec_nsh_ttl');
        // Before 1.2 a set_field becomes the action that the old version has for its field.
        const older = a.name === 'set_field' && version < '1.2';
        if (emits === undefined || refused || older) continue;
        const sent = emits.filter((e) => !(a.name === 'meter' && e.includes('of:0/')));
        for (const found of sent.flatMap(identify)) {
          if (a.name === 'meter' && found.number === 0) continue;
          const ours = a.wire.find(
            (w) =>
              w.form === found.form &&
              w.number === found.number &&
              inVersions(w.versions, version as OpenFlowVersion) &&
              (found.bytes === 0 || (w.grows ? found.bytes >= w.bytes : found.bytes === w.bytes)),
          );
          expect.soft(ours, `${vector.text} in ${version}: ${JSON.stringify(found)}`).toBeDefined();
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(400);
  });
});
