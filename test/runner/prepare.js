const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** What is tested is what the launcher compiles, also when Jest is called by itself. */
module.exports = () => {
  execFileSync(process.execPath, [join(__dirname, '..', '..', 'apps', 'launch.mjs'), 'build'], { stdio: 'inherit' });
};
