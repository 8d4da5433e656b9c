import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in a file, for what happens to disks. Only root may mount one. */
export interface Disk {
  folder: string;
  /** What an ext4 file system does when the power goes: nothing more reaches the disk, its journal is not flushed. */
  cutPower(): void;
  /** Mounted anew, as after a restart of the machine: what had not reached the disk is gone. */
  restart(): void;
  remove(): void;
}

export const run = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

// FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH; Node has no ioctl, and Perl is on every Debian.
const shutdown = 'open(my $f, "<", $ARGV[0]) or die; my $v = pack("L", 2); ioctl($f, 0x8004587D, $v) or die;';

/** @returns undefined where this account may not mount one */
export const mountDisk = (kind: 'tmpfs' | 'ext4', megabytes: number): Disk | undefined => {
  const base = mkdtempSync(join(tmpdir(), 'eventstore-disk-'));
  const [folder, image] = [join(base, 'disk'), join(base, 'image')];
  mkdirSync(folder);
  const mount = (): boolean => run('mount', '-o', 'loop', image, folder);
  const mounted =
    process.getuid?.() === 0 &&
    (kind === 'tmpfs'
      ? run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)
      : run('truncate', '-s', `${megabytes}M`, image) && run('mkfs.ext4', '-q', '-m', '0', image) && mount());
  const must = (done: boolean, what: string): void => {
    if (!done) throw new Error(`${folder} could not be ${what}`);
  };
  const remove = (): void => {
    if (mounted) run('umount', folder);
    rmSync(base, { recursive: true, force: true });
  };
  if (mounted)
    return {
      folder,
      cutPower: () => must(run('perl', '-e', shutdown, folder), 'cut off'),
      restart: () => {
        must(run('umount', folder), 'unmounted');
        must(mount(), 'mounted again');
      },
      remove,
    };
  remove();
  process.stderr.write(`SKIPPED ${kind}: disks of their own can be mounted by root only\n`);
  return undefined;
};
