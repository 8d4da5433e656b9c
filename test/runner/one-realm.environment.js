const { ModuleMocker } = require('jest-mock');

/**
 * Lets spec files run where packages do: in the realm of the process. A realm of its own for each file would have to load every
 * package anew, and look up each global through a proxy.
 */
module.exports = class OneRealm {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  exit = process.exit;

  getVmContext() {
    return globalThis;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async setup() {}

  async teardown() {
    process.exit = this.exit;
  }
};
