import fs from 'node:fs';
import path from 'node:path';

/** Directories that servers of this process have open. */
const ownDirectories = new Set<string>();

/** Gives a directory back. */
export type ReleaseDirectory = () => void;

/**
 * Takes a data directory for one server alone, made if need be. A lock that a killed process has left is ignored.
 * @throws Error when another server has the directory open.
 */
export function lockDirectory(directory: string): ReleaseDirectory {
  fs.mkdirSync(directory, { recursive: true });
  const resolved = fs.realpathSync(directory);
  const file = path.join(resolved, 'lock');
  const holder = holderOf(file);
  const isHeld = holder === process.pid ? ownDirectories.has(resolved) : holder !== undefined && isAlive(holder);
  if (isHeld) throw new Error(`The data directory ${directory} is in use by process ${holder ?? 'unknown'}`);
  fs.writeFileSync(file, String(process.pid));
  ownDirectories.add(resolved);
  return () => {
    ownDirectories.delete(resolved);
    fs.rmSync(file, { force: true });
  };
}

/**
 * Removes a data directory, if there is one.
 * @throws Error when a server has it open.
 */
export function removeDirectory(directory: string): void {
  const release = lockDirectory(directory);
  fs.rmSync(directory, { recursive: true });
  release();
}

function holderOf(file: string): number | undefined {
  if (!fs.existsSync(file)) return undefined;
  const pid = Number(fs.readFileSync(file, 'utf8'));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, but may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
