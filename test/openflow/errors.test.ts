import { describe, expect, it } from 'vitest';
import { ERROR_TEXTS } from '../../src/openflow/error-texts.ts';
import {
  decodeError,
  decodeErrorBody,
  ERROR_NAMES,
  errorByName,
  errorCode,
} from '../../src/openflow/errors.ts';
import { WIRE_VERSION } from '../../src/openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import { ofctl } from './ofctl.ts';

/** The bytes of a hex dump as ovs-ofctl prints it. */
const dumped = (out: string) =>
  Uint8Array.from(
    out
      .split('\n')
      .flatMap((l) => /^[0-9a-f]{8} {2}((?:[0-9a-f]{2}[ -]?)+)/.exec(l)?.[1]?.match(/[0-9a-f]{2}/g) ?? []),
    (byte) => parseInt(byte, 16),
  );

describe('errors', () => {
  it('are 198, with the numbers that ovs-ofctl gives them', () => {
    expect(ERROR_NAMES).toHaveLength(198);
    for (const name of ERROR_NAMES) {
      const ours = OPENFLOW_VERSIONS.flatMap((v) => {
        const c = errorCode(name, v);
        if (c === undefined) return [];
        const [type, code] = c.form === 'experimenter' ? [c.code, 0] : [c.type, c.code];
        const vendor = c.vendor === 0 ? '0' : `0x${c.vendor.toString(16)}`;
        return [`OpenFlow ${v}: vendor ${vendor}, type ${type}, code ${code}`];
      });
      expect.soft(ours, name).toEqual(ofctl(['print-error', name]).out.trim().split('\n'));
    }
  });

  it('are found by their numbers', () => {
    for (const v of OPENFLOW_VERSIONS) {
      for (const name of ERROR_NAMES) {
        const c = errorCode(name, v);
        if (c !== undefined) expect(decodeError(v, c.type, c.code, c.vendor)).toContain(name);
      }
    }
    expect(decodeError('1.0', 1, 5)).toEqual(['OFPBRC_EPERM', 'OFPBRC_IS_SECONDARY']);
    expect(decodeError('1.5', 0xffff, 15, 0x2320)).toEqual(['NXBAC_BAD_CONJUNCTION']);
    expect(decodeError('1.5', 0xffff, 15)).toEqual([]);
    expect(decodeError('1.0', 4, 9)).toEqual([]);
  });

  it('are read from the messages that ovs-ofctl makes', () => {
    for (const name of [
      'OFPBMC_BAD_PREREQ',
      'NXBAC_BAD_CONJUNCTION',
      'OFPBAC_BAD_SET_MASK',
      'OFPBFC_MSG_FAILED',
    ] as const) {
      for (const v of OPENFLOW_VERSIONS) {
        if (errorCode(name, v) === undefined) continue;
        const request = `0${WIRE_VERSION[v]}0e000811223344`;
        const message = dumped(ofctl(['encode-error-reply', name, request]).out);
        expect(message.length).toBeGreaterThan(16);
        const read = decodeErrorBody(v, message.subarray(8));
        expect(read?.names, `${name} in ${v}`).toEqual([name]);
        expect(Buffer.from(read?.data ?? []).toString('hex')).toBe(request);
      }
    }
    expect(decodeErrorBody('1.5', new Uint8Array(3))).toBeUndefined();
    expect(decodeErrorBody('1.5', new Uint8Array([0xff, 0xff, 0, 1]))?.names).toEqual([]);
  });

  it('have a name with and without OFPERR_', () => {
    expect(errorByName('OFPERR_OFPBMC_BAD_PREREQ')).toBe('OFPBMC_BAD_PREREQ');
    expect(errorByName('NXST_NOT_CONFIGURED')).toBe('NXST_NOT_CONFIGURED');
    expect(errorByName('toString')).toBeUndefined();
  });

  it('have a text each', () => {
    expect(Object.keys(ERROR_TEXTS)).toEqual([...ERROR_NAMES]);
    for (const { says, advice } of Object.values(ERROR_TEXTS)) {
      expect(says).toMatch(/^[A-Z`].*\.\)?$/);
      expect(advice).toMatch(/^[A-Z`].*[.?]\)?$/);
    }
  });
});
