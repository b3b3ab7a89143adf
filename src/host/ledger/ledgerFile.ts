import { lstat, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { stopPlan } from '../ipc/fields.js';
import { hostLinkSchema } from './hostLink.js';
import { socketEnding } from '../system/localSocket.js';
import { isOwn } from '../system/privateFolder.js';
import { replaceFile, unfinishedEnding } from '../system/replaceFile.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Version of the format; increases when an earlier version cannot read it. */
const schemaVersion = 1;

const identity = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
  startTime: v.pipe(v.string(), v.minLength(1)),
  bootId: v.string(),
});

const ledgerSchema = v.object({
  schema: v.literal(schemaVersion),
  /** Prefix of every run id of this process host, and so of the marker in the environment of every process. */
  windowId: v.pipe(v.string(), v.regex(/^[\w-]{8,40}$/)),
  host: identity,
  /** The extension host, for which the process host works; none while it holds the servers for the next window. */
  window: v.optional(identity),
  /** The folders of the workspace whose next window gets the servers. */
  workspace: v.optional(v.array(v.string())),
  /** While the servers are held. */
  link: v.optional(hostLinkSchema),
  runs: v.array(
    v.object({
      runId: v.pipe(v.string(), v.minLength(1)),
      serverId: v.string(),
      folder: v.optional(v.string()),
      cwd: v.string(),
      process: identity,
      leader: v.optional(identity),
      /** Members of the tree in the latest scan, on systems that hide the environment of some processes. */
      members: v.optional(v.pipe(v.array(v.pick(identity, ['pid', 'startTime'])), v.readonly())),
      /** How its window stops it. */
      stop: v.optional(stopPlan),
      url: v.optional(v.string()),
    }),
  ),
  kept: v.optional(
    v.array(
      v.object({
        runId: v.string(),
        serverId: v.string(),
        process: identity,
        name: v.string(),
        users: v.array(v.string()),
        /** The user sees its windows and decides when it ends, so it is not an orphan. */
        hasWindows: v.exactOptional(v.literal(true)),
      }),
    ),
  ),
});

/** A daemon that outlives its server, since others use it. */
export type KeptRecord = NonNullable<Ledger['kept']>[number];

/** The record of what one process host runs, without environment and output, which may hold secrets. */
export type Ledger = v.InferOutput<typeof ledgerSchema>;
export type LedgerRun = Ledger['runs'][number];

/** A file of the ledger's folder. */
export type LedgerFile =
  | { readonly kind: 'ledger'; readonly path: string; readonly ledger: Ledger }
  /** Written by a later version of the extension; must not be changed. */
  | { readonly kind: 'newer'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly problem: string };

const ending = '.json';
const takenOverEnding = '.taken';
const leaderEnding = '.leaders';

/** Age from which an unfinished file is a remainder, milliseconds; writing takes less than a thousandth of this. */
const staleMs = 60_000;

export function ledgerPath(folder: string, windowId: string): string {
  return join(folder, windowId + ending);
}

/** Folder in which the session leaders of a window report to its process host. It exists only beside the ledger. */
export function leaderFolder(folder: string, windowId: string): string {
  return join(folder, windowId + leaderEnding);
}

/** Removes the folders of leaders and the sockets whose process host was killed. */
export async function removeStaleFiles(folder: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const windows = names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  const isStale = (name: string): boolean => {
    if (name.endsWith(leaderEnding)) return !windows.includes(name.slice(0, -leaderEnding.length));
    if (!name.endsWith(socketEnding)) return false;
    return !windows.some((id) => id.startsWith(name.slice(0, -socketEnding.length)));
  };
  await Promise.all(
    names.filter(isStale).map((name) => rm(join(folder, name), { recursive: true, force: true })),
  );
}

export function writeLedger(path: string, ledger: Omit<Ledger, 'schema'>): Promise<void> {
  return replaceFile(path, JSON.stringify({ schema: schemaVersion, ...ledger }));
}

/** Marks the run as taken over, so that its process host does not report its end as a crash. */
export async function markTakenOver(folder: string, runId: string): Promise<void> {
  await writeFile(takeoverPath(folder, runId), '', { mode: 0o600 });
}

/** Path of that mark; the process host removes it when the run has ended. */
export function takeoverPath(folder: string, runId: string): string {
  return join(folder, runId + takenOverEnding);
}

/** Removes old unfinished files and takeover marks, whose writer or reader was killed. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(
    (each) => each.endsWith(ending + unfinishedEnding) || each.endsWith(takenOverEnding),
  )) {
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written && Date.now() - written.mtimeMs > staleMs) await rm(path, { force: true });
  }
}

/** Returns every ledger in the folder; none without a folder. */
export async function readLedgers(folder: string): Promise<LedgerFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(ending)).map((name) => readLedger(join(folder, name)));
  return (await Promise.all(files)).filter((file) => file !== undefined);
}

/** Returns a line for each process host, each run, and each daemon that is left running, in the folder. */
export async function describeLedgers(folder: string): Promise<string[]> {
  return (await readLedgers(folder)).flatMap((file) => {
    if (file.kind !== 'ledger') return [`${file.path}: ${file.kind}`];
    const { host, runs, link, kept = [] } = file.ledger;
    const lines = runs.map(
      ({ serverId, process, url = 'no address' }) => `${serverId}: pid ${process.pid}, ${url}`,
    );
    const left = kept.map(
      ({ name, process, serverId, users }) =>
        `left running on purpose: ${name}, pid ${process.pid}, started by ${serverId}, used by ${users.join(', ')}`,
    );
    const held = link ? `, held for the next window until ${new Date(link.heldUntil).toISOString()}` : '';
    return [`process host ${host.pid}: ${runs.length} servers${held}`].concat(lines, left);
  });
}

/**
 * Returns the ledger at that path; `undefined` without one, and for that of another user, which could name any process as
 * an orphan.
 */
export async function readLedger(path: string): Promise<LedgerFile | undefined> {
  const isRead = await lstat(path).then(isOwn, () => false);
  const text = isRead ? await readFile(path, 'utf8').catch(() => undefined) : undefined;
  // It may be removed between listing and reading: its process host ended cleanly.
  return text === undefined ? undefined : parseLedger(path, text);
}

function parseLedger(path: string, text: string): LedgerFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', path, problem: errorMessage(error) };
  }
  const result = v.safeParse(ledgerSchema, value);
  if (result.success) return { kind: 'ledger', path, ledger: result.output };
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (typeof schema === 'number' && schema > schemaVersion) return { kind: 'newer', path };
  const [issue] = result.issues;
  return { kind: 'damaged', path, problem: `${v.getDotPath(issue) ?? 'root'}: ${issue.message}` };
}
