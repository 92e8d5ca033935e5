/**
 * Every error that Open vSwitch 3.1 can send, with its numbers in each OpenFlow version. A name here lacks the
 * `OFPERR_` with which ovs-ofctl writes it. Explanations are in `error-texts.ts`, which need not be loaded to
 * decode one.
 *
 * An error travels in one of three forms:
 * - `of`: a standard one, ofp_error_msg { type, code };
 * - `nxOld`: one of Nicira's in OpenFlow 1.0 and 1.1, ofp_error_msg { 0xb0c2, 0 } followed by
 *   nx_vendor_error { vendor, type, code };
 * - `nx`, `onf`: an experimenter's, from OpenFlow 1.2 on (ONF's in 1.2 and 1.3), ofp_error_msg { 0xffff, exp_type } followed by
 *   the experimenter's id.
 */
import type { OpenFlowVersion } from './types.ts';
import type { Versions } from './versions.ts';
import { inVersions } from './versions.ts';

/** How an error is numbered in some versions. */
export interface ErrorCode {
  readonly versions: Versions;
  readonly form: 'standard' | 'nicira' | 'experimenter';
  /** 0 for standard errors, else the vendor or experimenter id. */
  readonly vendor: number;
  /** The error type; of a Nicira error the inner one; 0xffff for an experimenter's. */
  readonly type: number;
  /** The error code; of a Nicira error the inner one; an experimenter's exp_type. */
  readonly code: number;
}

export const NX_VENDOR = 0x2320;
export const ONF_VENDOR = 0x4f4e4600;

/** The type of an OpenFlow 1.0 or 1.1 error whose real numbers follow in an nx_vendor_error. */
export const NXET_VENDOR = 0xb0c2;
/** OFPET_EXPERIMENTER: the code is the experimenter's own. */
export const OFPET_EXPERIMENTER = 0xffff;

const of = (versions: Versions, type: number, code: number): ErrorCode => ({
  versions,
  form: 'standard',
  vendor: 0,
  type,
  code,
});

const nxOld = (versions: Versions, type: number, code: number): ErrorCode => ({
  versions,
  form: 'nicira',
  vendor: NX_VENDOR,
  type,
  code,
});

const experimenter = (versions: Versions, vendor: number, code: number): ErrorCode => ({
  versions,
  form: 'experimenter',
  vendor,
  type: OFPET_EXPERIMENTER,
  code,
});

const nx = (versions: Versions, code: number): ErrorCode => experimenter(versions, NX_VENDOR, code);
const onf = (versions: Versions, code: number): ErrorCode => experimenter(versions, ONF_VENDOR, code);

// prettier-ignore
const TABLE = {
  // Hello
  OFPHFC_INCOMPATIBLE: [of('1.0+', 0, 0)],
  OFPHFC_EPERM: [of('1.0+', 0, 1)],

  // Requests in general
  OFPBRC_BAD_VERSION: [of('1.0+', 1, 0)],
  OFPBRC_BAD_TYPE: [of('1.0+', 1, 1)],
  OFPBRC_BAD_STAT: [of('1.0+', 1, 2)],
  OFPBRC_BAD_VENDOR: [of('1.0+', 1, 3)],
  OFPBRC_BAD_SUBTYPE: [of('1.0+', 1, 4)],
  OFPBRC_EPERM: [of('1.0+', 1, 5)],
  OFPBRC_BAD_LEN: [of('1.0+', 1, 6)],
  OFPBRC_BUFFER_EMPTY: [of('1.0+', 1, 7)],
  OFPBRC_BUFFER_UNKNOWN: [of('1.0+', 1, 8)],
  OFPBRC_BAD_TABLE_ID: [nxOld('1.0', 1, 512), of('1.1+', 1, 9)],
  OFPBRC_IS_SECONDARY: [of('1.0-1.1', 1, 5), of('1.2+', 1, 10)],
  OFPBRC_BAD_PORT: [nxOld('1.0-1.1', 1, 514), of('1.2+', 1, 11)],
  OFPBRC_BAD_PACKET: [of('1.2+', 1, 12)],
  OFPBRC_MULTIPART_BUFFER_OVERFLOW: [of('1.3+', 1, 13)],
  OFPBRC_MULTIPART_REQUEST_TIMEOUT: [onf('1.3', 2640), of('1.4+', 1, 14)],
  OFPBRC_MULTIPART_REPLY_TIMEOUT: [onf('1.3', 2641), of('1.4+', 1, 15)],
  OFPBRC_MULTIPART_BAD_SCHED: [of('1.5', 1, 16)],
  OFPBRC_PIPELINE_FIELDS_ONLY: [of('1.5', 1, 17)],
  OFPBRC_UNKNOWN: [of('1.5', 1, 18)],
  NXBRC_NXM_INVALID: [nxOld('1.0-1.1', 1, 256), nx('1.2+', 2)],
  NXBRC_NXM_BAD_TYPE: [nxOld('1.0-1.1', 1, 257), nx('1.2+', 3)],
  NXBRC_MUST_BE_ZERO: [nxOld('1.0-1.1', 1, 515), nx('1.2+', 4)],
  NXBRC_BAD_REASON: [nxOld('1.0-1.1', 1, 516), nx('1.2+', 5)],
  NXBRC_FM_BAD_EVENT: [nxOld('1.0-1.1', 1, 520), nx('1.2+', 9)],
  NXBRC_UNENCODABLE_ERROR: [nxOld('1.0-1.1', 1, 521), nx('1.2+', 10)],

  // Actions
  OFPBAC_BAD_TYPE: [of('1.0+', 2, 0)],
  OFPBAC_BAD_LEN: [of('1.0+', 2, 1)],
  OFPBAC_BAD_VENDOR: [of('1.0+', 2, 2)],
  OFPBAC_BAD_VENDOR_TYPE: [of('1.0+', 2, 3)],
  OFPBAC_BAD_OUT_PORT: [of('1.0+', 2, 4)],
  OFPBAC_BAD_ARGUMENT: [of('1.0+', 2, 5)],
  OFPBAC_EPERM: [of('1.0+', 2, 6)],
  OFPBAC_TOO_MANY: [of('1.0+', 2, 7)],
  OFPBAC_BAD_QUEUE: [of('1.0+', 2, 8)],
  OFPBAC_BAD_OUT_GROUP: [nxOld('1.0', 2, 9), of('1.1+', 2, 9)],
  OFPBAC_MATCH_INCONSISTENT: [nxOld('1.0', 1, 522), of('1.1+', 2, 10)],
  OFPBAC_UNSUPPORTED_ORDER: [of('1.1+', 2, 11)],
  OFPBAC_BAD_TAG: [of('1.1+', 2, 12)],
  OFPBAC_BAD_SET_TYPE: [nxOld('1.0-1.1', 1, 523), of('1.2+', 2, 13)],
  OFPBAC_BAD_SET_LEN: [nxOld('1.0-1.1', 1, 524), of('1.2+', 2, 14)],
  OFPBAC_BAD_SET_ARGUMENT: [nxOld('1.0-1.1', 1, 525), of('1.2+', 2, 15)],
  OFPBAC_BAD_SET_MASK: [onf('1.3-1.4', 4250), of('1.5', 2, 16)],
  OFPBAC_BAD_METER: [of('1.5', 2, 17)],
  NXBAC_MUST_BE_ZERO: [nxOld('1.0-1.1', 2, 256), nx('1.2+', 11)],
  NXBAC_BAD_CONJUNCTION: [nxOld('1.0-1.1', 2, 526), nx('1.2+', 15)],
  NXBAC_BAD_HEADER_TYPE: [nx('1.3+', 39)],
  NXBAC_UNKNOWN_ED_PROP: [nx('1.3+', 40)],
  NXBAC_BAD_ED_PROP: [nx('1.3+', 41)],
  NXBAC_CT_DATAPATH_SUPPORT: [nxOld('1.0-1.1', 1, 265), nx('1.2+', 42)],

  // Instructions
  OFPBIC_UNKNOWN_INST: [of('1.1+', 3, 0)],
  OFPBIC_UNSUP_INST: [nxOld('1.0', 2, 257), of('1.1+', 3, 1)],
  OFPBIC_BAD_TABLE_ID: [of('1.1+', 3, 2)],
  OFPBIC_UNSUP_METADATA: [of('1.1+', 3, 3)],
  OFPBIC_UNSUP_METADATA_MASK: [of('1.1+', 3, 4)],
  OFPBIC_BAD_EXPERIMENTER: [of('1.1+', 3, 5)],
  OFPBIC_BAD_EXP_TYPE: [of('1.1', 3, 5), of('1.2+', 3, 6)],
  OFPBIC_BAD_LEN: [of('1.2+', 3, 7)],
  OFPBIC_EPERM: [of('1.2+', 3, 8)],
  OFPBIC_DUP_INST: [nxOld('1.1', 3, 256), onf('1.2-1.3', 2600), of('1.4+', 3, 9)],

  // Matches
  OFPBMC_BAD_TYPE: [of('1.1+', 4, 0)],
  OFPBMC_BAD_LEN: [of('1.1+', 4, 1)],
  OFPBMC_BAD_TAG: [of('1.1+', 4, 2)],
  OFPBMC_BAD_DL_ADDR_MASK: [of('1.1+', 4, 3)],
  OFPBMC_BAD_NW_ADDR_MASK: [of('1.1+', 4, 4)],
  OFPBMC_BAD_WILDCARDS: [nxOld('1.0', 1, 262), of('1.1+', 4, 5)],
  OFPBMC_BAD_FIELD: [nxOld('1.0', 0, 263), of('1.1+', 4, 6)],
  OFPBMC_BAD_VALUE: [nxOld('1.0', 1, 258), of('1.1+', 4, 7)],
  OFPBMC_BAD_MASK: [nxOld('1.0-1.1', 1, 259), of('1.2+', 4, 8)],
  OFPBMC_BAD_PREREQ: [nxOld('1.0-1.1', 1, 260), of('1.2+', 4, 9)],
  OFPBMC_DUP_FIELD: [nxOld('1.0-1.1', 1, 261), of('1.2+', 4, 10)],
  OFPBMC_EPERM: [of('1.2+', 4, 11)],
  NXBMC_CT_DATAPATH_SUPPORT: [nxOld('1.0-1.1', 1, 264), nx('1.2+', 43)],

  // Flow mods
  OFPFMFC_UNKNOWN: [of('1.1+', 5, 0)],
  OFPFMFC_TABLE_FULL: [of('1.0', 3, 0), of('1.1+', 5, 1)],
  OFPFMFC_BAD_TABLE_ID: [of('1.1+', 5, 2)],
  OFPFMFC_OVERLAP: [of('1.0', 3, 1), of('1.1+', 5, 3)],
  OFPFMFC_EPERM: [of('1.0', 3, 2), of('1.1+', 5, 4)],
  OFPFMFC_BAD_TIMEOUT: [of('1.1+', 5, 5)],
  OFPFMFC_BAD_EMERG_TIMEOUT: [of('1.0', 3, 3)],
  OFPFMFC_BAD_COMMAND: [of('1.0', 3, 4), of('1.1+', 5, 6)],
  OFPFMFC_BAD_FLAGS: [nxOld('1.0', 3, 258), nxOld('1.1', 5, 258), of('1.2+', 5, 7)],
  OFPFMFC_CANT_SYNC: [of('1.4+', 5, 8)],
  OFPFMFC_BAD_PRIORITY: [onf('1.3', 2360), of('1.4+', 5, 9)],
  OFPFMFC_IS_SYNC: [of('1.4+', 5, 10)],
  OFPFMFC_UNSUPPORTED: [of('1.0', 3, 5)],
  NXFMFC_HARDWARE: [nxOld('1.0-1.1', 5, 256), nx('1.2+', 12)],
  NXFMFC_BAD_TABLE_ID: [nxOld('1.0-1.1', 5, 257), nx('1.2+', 13)],
  NXFMFC_INVALID_TLV_FIELD: [nxOld('1.0-1.1', 1, 536), nx('1.2+', 37)],

  // Group mods
  OFPGMFC_GROUP_EXISTS: [nxOld('1.0', 6, 0), of('1.1+', 6, 0)],
  OFPGMFC_INVALID_GROUP: [nxOld('1.0', 6, 1), of('1.1+', 6, 1)],
  OFPGMFC_WEIGHT_UNSUPPORTED: [nxOld('1.0', 6, 2), of('1.1+', 6, 2)],
  OFPGMFC_OUT_OF_GROUPS: [nxOld('1.0', 6, 3), of('1.1+', 6, 3)],
  OFPGMFC_OUT_OF_BUCKETS: [nxOld('1.0', 6, 4), of('1.1+', 6, 4)],
  OFPGMFC_CHAINING_UNSUPPORTED: [nxOld('1.0', 6, 5), of('1.1+', 6, 5)],
  OFPGMFC_WATCH_UNSUPPORTED: [nxOld('1.0', 6, 6), of('1.1+', 6, 6)],
  OFPGMFC_LOOP: [nxOld('1.0', 6, 7), of('1.1+', 6, 7)],
  OFPGMFC_UNKNOWN_GROUP: [nxOld('1.0', 6, 8), of('1.1+', 6, 8)],
  OFPGMFC_CHAINED_GROUP: [nxOld('1.0', 6, 9), of('1.2+', 6, 9)],
  OFPGMFC_BAD_TYPE: [nxOld('1.0', 6, 10), of('1.2+', 6, 10)],
  OFPGMFC_BAD_COMMAND: [nxOld('1.0', 6, 11), of('1.2+', 6, 11)],
  OFPGMFC_BAD_BUCKET: [nxOld('1.0', 6, 12), of('1.2+', 6, 12)],
  OFPGMFC_BAD_WATCH: [nxOld('1.0', 6, 13), of('1.2+', 6, 13)],
  OFPGMFC_EPERM: [nxOld('1.0', 6, 14), of('1.2+', 6, 14)],
  OFPGMFC_UNKNOWN_BUCKET: [nxOld('1.0', 6, 15), of('1.5', 6, 15)],
  OFPGMFC_BUCKET_EXISTS: [nxOld('1.0', 6, 16), of('1.5', 6, 16)],

  // Port mods
  OFPPMFC_BAD_PORT: [of('1.0', 4, 0), of('1.1+', 7, 0)],
  OFPPMFC_BAD_HW_ADDR: [of('1.0', 4, 1), of('1.1+', 7, 1)],
  OFPPMFC_BAD_CONFIG: [of('1.1+', 7, 2)],
  OFPPMFC_BAD_ADVERTISE: [of('1.1+', 7, 3)],
  OFPPMFC_EPERM: [of('1.2+', 7, 4)],

  // Table mods
  OFPTMFC_BAD_TABLE: [of('1.1+', 8, 0)],
  OFPTMFC_BAD_CONFIG: [of('1.1+', 8, 1)],
  OFPTMFC_EPERM: [of('1.2+', 8, 2)],

  // Queues
  OFPQOFC_BAD_PORT: [of('1.0', 5, 0), of('1.1+', 9, 0)],
  OFPQOFC_BAD_QUEUE: [of('1.0', 5, 1), of('1.1+', 9, 1)],
  OFPQOFC_EPERM: [of('1.0', 5, 2), of('1.1+', 9, 2)],
  NXQOFC_QUEUE_ERROR: [nx('1.4+', 23)],

  // Switch configuration
  OFPSCFC_BAD_FLAGS: [of('1.1+', 10, 0)],
  OFPSCFC_BAD_LEN: [of('1.1+', 10, 1)],
  OFPSCFC_EPERM: [of('1.2+', 10, 2)],

  // Roles
  OFPRRFC_STALE: [of('1.2+', 11, 0)],
  OFPRRFC_UNSUP: [of('1.2+', 11, 1)],
  OFPRRFC_BAD_ROLE: [nxOld('1.0-1.1', 1, 513), of('1.2+', 11, 2)],
  OFPRRFC_ID_UNSUP: [of('1.5', 11, 3)],
  OFPRRFC_ID_IN_USE: [of('1.5', 11, 4)],

  // Meter mods
  OFPMMFC_UNKNOWN: [of('1.3+', 12, 0)],
  OFPMMFC_METER_EXISTS: [of('1.3+', 12, 1)],
  OFPMMFC_INVALID_METER: [of('1.3+', 12, 2)],
  OFPMMFC_UNKNOWN_METER: [of('1.3+', 12, 3)],
  OFPMMFC_BAD_COMMAND: [of('1.3+', 12, 4)],
  OFPMMFC_BAD_FLAGS: [of('1.3+', 12, 5)],
  OFPMMFC_BAD_RATE: [of('1.3+', 12, 6)],
  OFPMMFC_BAD_BURST: [of('1.3+', 12, 7)],
  OFPMMFC_BAD_BAND: [of('1.3+', 12, 8)],
  OFPMMFC_BAD_BAND_VALUE: [of('1.3+', 12, 9)],
  OFPMMFC_OUT_OF_METERS: [of('1.3+', 12, 10)],
  OFPMMFC_OUT_OF_BANDS: [of('1.3+', 12, 11)],

  // Table features
  OFPTFFC_BAD_TABLE: [of('1.3+', 13, 0)],
  OFPTFFC_BAD_METADATA: [of('1.3+', 13, 1)],
  OFPTFFC_EPERM: [of('1.3+', 13, 5)],
  OFPTFFC_BAD_CAPA: [of('1.5', 13, 6)],
  OFPTFFC_BAD_MAX_ENT: [of('1.5', 13, 7)],
  OFPTFFC_BAD_FEATURES: [of('1.5', 13, 8)],
  OFPTFFC_BAD_COMMAND: [of('1.5', 13, 9)],
  OFPTFFC_TOO_MANY: [of('1.5', 13, 10)],
  NXTFFC_DUP_TABLE: [nx('1.3+', 44)],

  // Properties
  OFPBPC_BAD_TYPE: [nxOld('1.0-1.1', 13, 2), nx('1.2', 25), of('1.3', 13, 2), of('1.4+', 14, 0)],
  OFPBPC_BAD_LEN: [nxOld('1.0-1.1', 13, 3), nx('1.2', 26), of('1.3', 13, 3), of('1.4+', 14, 1)],
  OFPBPC_BAD_VALUE: [nxOld('1.0-1.1', 13, 4), nx('1.2', 27), of('1.3', 13, 4), of('1.4+', 14, 2)],
  OFPBPC_TOO_MANY: [nxOld('1.0-1.1', 14, 3), nx('1.2', 28), onf('1.3', 4443), of('1.4+', 14, 3)],
  OFPBPC_DUP_TYPE: [nxOld('1.0-1.1', 14, 4), nx('1.2', 29), onf('1.3', 4444), of('1.4+', 14, 4)],
  OFPBPC_BAD_EXPERIMENTER: [nxOld('1.0-1.1', 14, 5), nx('1.2', 30), onf('1.3', 4445), of('1.4+', 14, 5)],
  OFPBPC_BAD_EXP_TYPE: [nxOld('1.0-1.1', 14, 6), nx('1.2', 31), onf('1.3', 4446), of('1.4+', 14, 6)],
  OFPBPC_BAD_EXP_VALUE: [nxOld('1.0-1.1', 14, 7), nx('1.2', 32), onf('1.3', 4447), of('1.4+', 14, 7)],
  OFPBPC_EPERM: [nxOld('1.0-1.1', 14, 8), nx('1.2', 33), onf('1.3', 4448), of('1.4+', 14, 8)],

  // Asynchronous message configuration
  OFPACFC_INVALID: [onf('1.3', 2370), of('1.4+', 15, 0)],
  OFPACFC_UNSUPPORTED: [onf('1.3', 2371), of('1.4+', 15, 1)],
  OFPACFC_EPERM: [onf('1.3', 2372), of('1.4+', 15, 2)],

  // Bundles
  OFPBFC_UNKNOWN: [onf('1.3', 2300), of('1.4+', 17, 0)],
  OFPBFC_EPERM: [onf('1.3', 2301), of('1.4+', 17, 1)],
  OFPBFC_BAD_ID: [onf('1.3', 2302), of('1.4+', 17, 2)],
  OFPBFC_BUNDLE_EXIST: [onf('1.3', 2303), of('1.4+', 17, 3)],
  OFPBFC_BUNDLE_CLOSED: [onf('1.3', 2304), of('1.4+', 17, 4)],
  OFPBFC_OUT_OF_BUNDLES: [onf('1.3', 2305), of('1.4+', 17, 5)],
  OFPBFC_BAD_TYPE: [onf('1.3', 2306), of('1.4+', 17, 6)],
  OFPBFC_BAD_FLAGS: [onf('1.3', 2307), of('1.4+', 17, 7)],
  OFPBFC_MSG_BAD_LEN: [onf('1.3', 2308), of('1.4+', 17, 8)],
  OFPBFC_MSG_BAD_XID: [onf('1.3', 2309), of('1.4+', 17, 9)],
  OFPBFC_MSG_UNSUP: [onf('1.3', 2310), of('1.4+', 17, 10)],
  OFPBFC_MSG_CONFLICT: [onf('1.3', 2311), of('1.4+', 17, 11)],
  OFPBFC_MSG_TOO_MANY: [onf('1.3', 2312), of('1.4+', 17, 12)],
  OFPBFC_MSG_FAILED: [onf('1.3', 2313), of('1.4+', 17, 13)],
  OFPBFC_TIMEOUT: [onf('1.3', 2314), of('1.4+', 17, 14)],
  OFPBFC_BUNDLE_IN_PROGRESS: [onf('1.3', 2315), of('1.4+', 17, 15)],
  OFPBFC_SCHED_NOT_SUPPORTED: [of('1.5', 17, 16)],
  OFPBFC_SCHED_FUTURE: [of('1.5', 17, 17)],
  OFPBFC_SCHED_PAST: [of('1.5', 17, 18)],
  OFPBFC_BAD_VERSION: [nx('1.4+', 22)],

  // Flow monitors
  OFPMOFC_UNKNOWN: [of('1.4+', 16, 0)],
  OFPMOFC_MONITOR_EXISTS: [nxOld('1.0-1.1', 1, 517), nx('1.2-1.3', 6), of('1.4+', 16, 1)],
  OFPMOFC_INVALID_MONITOR: [of('1.4+', 16, 2)],
  OFPMOFC_UNKNOWN_MONITOR: [nxOld('1.0-1.1', 1, 519), nx('1.2-1.3', 8), of('1.4+', 16, 3)],
  OFPMOFC_BAD_COMMAND: [of('1.4+', 16, 4)],
  OFPMOFC_BAD_FLAGS: [nxOld('1.0-1.1', 1, 518), nx('1.2-1.3', 7), of('1.4+', 16, 5)],
  OFPMOFC_BAD_TABLE_ID: [of('1.4+', 16, 6)],
  OFPMOFC_BAD_OUT: [of('1.4+', 16, 7)],

  // TLV table mods
  NXTTMFC_BAD_COMMAND: [nxOld('1.0-1.1', 1, 527), nx('1.2+', 16)],
  NXTTMFC_BAD_OPT_LEN: [nxOld('1.0-1.1', 1, 528), nx('1.2+', 17)],
  NXTTMFC_BAD_FIELD_IDX: [nxOld('1.0-1.1', 1, 529), nx('1.2+', 18)],
  NXTTMFC_TABLE_FULL: [nxOld('1.0-1.1', 1, 530), nx('1.2+', 19)],
  NXTTMFC_ALREADY_MAPPED: [nxOld('1.0-1.1', 1, 531), nx('1.2+', 20)],
  NXTTMFC_DUP_ENTRY: [nxOld('1.0-1.1', 1, 532), nx('1.2+', 21)],
  NXTTMFC_INVALID_TLV_DEL: [nxOld('1.0-1.1', 1, 537), nx('1.2+', 38)],

  // Resuming, IPFIX
  NXR_NOT_SUPPORTED: [nxOld('1.0-1.1', 1, 533), nx('1.2+', 34)],
  NXR_STALE: [nxOld('1.0-1.1', 1, 534), nx('1.2+', 35)],
  NXST_NOT_CONFIGURED: [nxOld('1.0-1.1', 1, 535), nx('1.2+', 36)],
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

/** An error by its name without `OFPERR_`. */
export type OfpErrorName = keyof typeof TABLE;

export const ERROR_CODES: Readonly<Record<OfpErrorName, readonly ErrorCode[]>> = TABLE;

export const ERROR_NAMES: readonly OfpErrorName[] = Object.keys(TABLE) as OfpErrorName[];

/** Takes the name with `OFPERR_` or without. */
export function errorByName(name: string): OfpErrorName | undefined {
  const bare = name.startsWith('OFPERR_') ? name.slice('OFPERR_'.length) : name;
  return Object.hasOwn(TABLE, bare) ? (bare as OfpErrorName) : undefined;
}

/** How an error is numbered in a version; undefined where that version cannot say it. */
export function errorCode(name: OfpErrorName, version: OpenFlowVersion): ErrorCode | undefined {
  return ERROR_CODES[name].find((c) => inVersions(c.versions, version));
}

const byCode = new Map<OpenFlowVersion, ReadonlyMap<string, readonly OfpErrorName[]>>();

const key = (vendor: number, type: number, code: number): string => `${vendor}/${type}/${code}`;

function index(version: OpenFlowVersion): ReadonlyMap<string, readonly OfpErrorName[]> {
  const known = byCode.get(version);
  if (known !== undefined) return known;
  const made = new Map<string, OfpErrorName[]>();
  for (const name of ERROR_NAMES) {
    const c = errorCode(name, version);
    if (c === undefined) continue;
    const k = key(c.vendor, c.type, c.code);
    const same = made.get(k);
    if (same === undefined) made.set(k, [name]);
    else same.push(name);
  }
  byCode.set(version, made);
  return made;
}

/**
 * The errors that these numbers mean; none if unknown, two where a version gave one number twice (OFPBRC_EPERM
 * and OFPBRC_IS_SECONDARY in 1.0 and 1.1). For a Nicira error of 1.0 or 1.1 pass the inner type and code, for an
 * experimenter's type 0xffff and its exp_type; both with the vendor.
 */
export function decodeError(
  version: OpenFlowVersion,
  type: number,
  code: number,
  vendor = 0,
): readonly OfpErrorName[] {
  return index(version).get(key(vendor, type, code)) ?? [];
}

export interface DecodedError {
  readonly names: readonly OfpErrorName[];
  /** As numbered in the message, the inner numbers where there are any. */
  readonly type: number;
  readonly code: number;
  readonly vendor: number;
  /** What follows: the first bytes of the offending message, or the text of a failed hello. */
  readonly data: Uint8Array;
}

/** Reads what follows the header of an OFPT_ERROR message; undefined when it is too short. */
export function decodeErrorBody(version: OpenFlowVersion, body: Uint8Array): DecodedError | undefined {
  if (body.length < 4) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const outer = { type: view.getUint16(0), code: view.getUint16(2) };
  const done = (type: number, code: number, vendor: number, at: number): DecodedError => ({
    names: decodeError(version, type, code, vendor),
    type,
    code,
    vendor,
    data: body.subarray(at),
  });
  const old = version === '1.0' || version === '1.1';
  if (old && outer.type === NXET_VENDOR && outer.code === 0 && body.length >= 12) {
    return done(view.getUint16(8), view.getUint16(10), view.getUint32(4), 12);
  }
  if (!old && outer.type === OFPET_EXPERIMENTER && body.length >= 8) {
    return done(outer.type, outer.code, view.getUint32(4), 8);
  }
  return done(outer.type, outer.code, 0, 4);
}
