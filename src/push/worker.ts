/** The script of the connection's thread; built as a file of its own. */
import { runThread } from './thread.ts';

runThread();
