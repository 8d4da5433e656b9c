#!/usr/bin/env node
// The package's `casefold`: the command line, installed and built first where it is not.
process.argv.splice(2, 0, 'cli');
await import('../launch.mjs');
