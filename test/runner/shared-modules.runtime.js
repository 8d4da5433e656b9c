const { createRequire, isBuiltin } = require('node:module');
const { join, relative, sep } = require('node:path');
const { compileFunction } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

const root = join(__dirname, '..', '..');
const isRelative = /^\.{0,2}\//;
const isSource = /^(apps|libs|test)\/.*(?<!\.spec)\.ts$/;
// Published as ES modules only, which `require` does not take; and what belongs to the test that runs.
const isLoadedByJest = /^(jose|hyparquet|hyparquet-writer|expect|@jest\/.*|jest-.*)(\/|$)/;

/**
 * Spec files are loaded by Jest, each anew. What they test is loaded once for all that a worker runs, as in production: compiled
 * by the launcher, by Node. So is every package. Together that is most of the time that a spec file would take to load.
 *
 * It rests on modules that keep nothing which one test could tell another, and on a fresh `dist`, see `prepare.js`.
 */
class SharedModules extends JestRuntime {
  constructor(...parts) {
    super(...parts);
    if (typeof this.executor?.compile !== 'function')
      throw new Error('this version of Jest compiles modules elsewhere');
    this.executor.compile = (source, filename) =>
      compileFunction(source, this.executor.injectedModuleParameters, { filename });
  }

  requireModule(from, name, options, isActual) {
    const shared = name && !options?.isInternalModule && !isBuiltin(name) ? this.sharedPath(from, name) : undefined;
    return shared === undefined ? super.requireModule(from, name, options, isActual) : createRequire(from)(shared);
  }

  sharedPath(from, name) {
    if (!isRelative.test(name)) return isLoadedByJest.test(name) ? undefined : name;
    const path = relative(root, this._resolution.resolveCjs(from, name)).replaceAll(sep, '/');
    return isSource.test(path) ? join(root, 'dist', path.replace(/\.ts$/, '.js')) : undefined;
  }
}

// Jest takes the default export of an ES module.
module.exports = { __esModule: true, default: SharedModules };
