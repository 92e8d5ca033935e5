/** The diagnostics of the compiler, file by file. Those of a push are not among them: they are loaded with it. */
import * as actionForms from './action-forms.ts';
import * as actionHeaders from './action-headers.ts';
import * as actionLists from './action-lists.ts';
import * as actionMore from './action-more.ts';
import * as actions from './actions.ts';
import * as allocation from './allocation.ts';
import * as allow from './allow.ts';
import * as bridge from './bridge.ts';
import * as dataFiles from './data-files.ts';
import * as expandModules from './expand-modules.ts';
import * as expandTemplates from './expand-templates.ts';
import * as expandValues from './expand-values.ts';
import * as groups from './groups.ts';
import * as match from './match.ts';
import * as meters from './meters.ts';
import * as names from './names.ts';
import * as packetTypes from './packet-types.ts';
import * as pipeline from './pipeline.ts';
import * as program from './program.ts';
import * as sets from './sets.ts';
import * as syntax from './syntax.ts';
import * as tunnelMetadata from './tunnel-metadata.ts';
import * as values from './values.ts';
import * as versions from './versions.ts';

export const COMPILER_CODES: readonly object[] = [
  actionForms,
  actionHeaders,
  actionLists,
  actionMore,
  actions,
  allocation,
  allow,
  bridge,
  dataFiles,
  expandModules,
  expandTemplates,
  expandValues,
  groups,
  match,
  meters,
  names,
  packetTypes,
  pipeline,
  program,
  sets,
  syntax,
  tunnelMetadata,
  values,
  versions,
];
