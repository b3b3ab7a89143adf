import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { replaceFile, unfinishedEnding } from '../system/replaceFile.js';

/** Grows when a later version could not be read by an earlier one. */
const schemaVersion = 1;

const identity = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
  startTime: v.pipe(v.string(), v.minLength(1)),
  bootId: v.string(),
});

const ledgerSchema = v.object({
  schema: v.literal(schemaVersion),
  /** Every run id of this process host begins with it, and so the marker in the environment of every process. */
  windowId: v.pipe(v.string(), v.regex(/^[\w-]{8,40}$/)),
  host: identity,
  runs: v.array(
    v.object({
      runId: v.pipe(v.string(), v.minLength(1)),
      serverId: v.string(),
      folder: v.optional(v.string()),
      cwd: v.string(),
      process: identity,
      url: v.optional(v.string()),
    }),
  ),
});

/** What one process host runs, as its file tells. It holds no environment and no output: these may hold secrets. */
export type Ledger = v.InferOutput<typeof ledgerSchema>;
export type LedgerRun = Ledger['runs'][number];

/** A file of the ledger's folder. */
export type LedgerFile =
  | { readonly kind: 'ledger'; readonly path: string; readonly ledger: Ledger }
  /** Of a later version of the extension: not ours to touch. */
  | { readonly kind: 'newer'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly problem: string };

const ending = '.json';
const taken = '.taken';

/** Writing takes less than a thousandth of this; milliseconds. */
const unfinishedMs = 60_000;

export function ledgerPath(folder: string, windowId: string): string {
  return join(folder, windowId + ending);
}

export function writeLedger(path: string, ledger: Omit<Ledger, 'schema'>): Promise<void> {
  return replaceFile(path, JSON.stringify({ schema: schemaVersion, ...ledger }));
}

export async function makeLedgerFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Tells the process host of that run that its end is the wish of another window. */
export async function markTakenOver(folder: string, runId: string): Promise<void> {
  await writeFile(takeoverPath(folder, runId), '', { mode: 0o600 });
}

/** Where that is told; the process host removes it when the run has ended. */
export function takeoverPath(folder: string, runId: string): string {
  return join(folder, runId + taken);
}

/** Removes first files that were never finished, and wishes that nobody heard, since who was at it was killed. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(
    (each) => each.endsWith(ending + unfinishedEnding) || each.endsWith(taken),
  )) {
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written && Date.now() - written.mtimeMs > unfinishedMs) await rm(path, { force: true });
  }
}

/** Every ledger in the folder; none when there is no folder. */
export async function readLedgers(folder: string): Promise<LedgerFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(ending)).map((name) => readLedger(join(folder, name)));
  return (await Promise.all(files)).filter((file) => file !== undefined);
}

/** What the folder holds, a line for each host and each run. */
export async function describeLedgers(folder: string): Promise<string[]> {
  return (await readLedgers(folder)).flatMap((file) => {
    if (file.kind !== 'ledger') return [`${file.path}: ${file.kind}`];
    const { host, runs } = file.ledger;
    const lines = runs.map(
      ({ serverId, process, url = 'no address' }) => `${serverId}: pid ${process.pid}, ${url}`,
    );
    return [`process host ${host.pid}: ${runs.length} servers`].concat(lines);
  });
}

/** The ledger at that path; `undefined` when there is none. */
export async function readLedger(path: string): Promise<LedgerFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // Gone between the list and the read: its process host ended well.
  return text === undefined ? undefined : parseLedger(path, text);
}

/** What the text of a ledger file is worth. */
function parseLedger(path: string, text: string): LedgerFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', path, problem: error instanceof Error ? error.message : String(error) };
  }
  const result = v.safeParse(ledgerSchema, value);
  if (result.success) return { kind: 'ledger', path, ledger: result.output };
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (typeof schema === 'number' && schema > schemaVersion) return { kind: 'newer', path };
  const [issue] = result.issues;
  return { kind: 'damaged', path, problem: `${v.getDotPath(issue) ?? 'root'}: ${issue.message}` };
}
