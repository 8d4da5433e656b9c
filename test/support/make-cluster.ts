import { prepareDirectory } from '../../libs/platform/embedded/data-directory';
import { openCluster } from '../../libs/platform/embedded/postgres-cluster';
import { postgresPasswords } from '../../libs/platform/embedded/postgres-passwords';

/** Makes a data directory with a database cluster that has never run: `node make-cluster.js DIR`. */
const layout = prepareDirectory(process.argv[2]!);
void openCluster(layout, postgresPasswords(layout));
