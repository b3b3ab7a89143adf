import type { FoundServers } from '../../folderSearch/findServers.js';
import type { CommandCall } from '../call/commandCall.js';
import { exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print, printJson } from '../call/output.js';
import { requireFolder } from '../folder/requireFolder.js';
import { ok, problem, type Finding } from '../doctor/finding.js';
import { checkFiles, checkInstalled, checkPorts, checkServerFolders } from '../doctor/folderFindings.js';
import { checkShell, checkStorage } from '../doctor/machineFindings.js';
import { checkPrograms } from '../doctor/programFindings.js';
import { checkWindow } from '../doctor/windowFindings.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Oldest version of Node that the program runs on. */
const minNodeVersion = 20;

const marks: Readonly<Record<Finding['status'], string>> = { ok: '✔', warning: '!', problem: '✘' };

/** Prints what works in a folder, what does not, and what to do. Fails when there is a problem. */
export async function diagnose({ folder, options, signal }: CommandCall): Promise<ExitCode> {
  const findings = await findingsFor(folder, signal);
  if (options.json === true) printJson(findings);
  else print(findings.map(findingText).join('\n'));
  return findings.some(({ status }) => status === 'problem') ? exitCodes.failed : exitCodes.ok;
}

async function findingsFor(folder: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const noFolder = await requireFolder(folder).then(() => undefined, errorMessage);
  if (noFolder !== undefined)
    return [nodeFinding(), problem(noFolder, 'Pass the project folder: devservers doctor -C FOLDER')];
  const { findServers } = await import('../../folderSearch/findServers.js');
  const [servers, window, storage, shell] = await Promise.all([
    findServers(folder).catch((error: unknown) => error),
    checkWindow(folder),
    checkStorage(),
    checkShell(signal),
  ]);
  const files = isFound(servers)
    ? [
        ...checkFiles(servers),
        ...(await checkServerFolders(servers.definitions)),
        ...(await checkInstalled(servers.definitions, folder)),
        ...(await checkPrograms(servers.definitions)),
      ]
    : [unreadable(folder, servers)];
  const ports = isFound(servers) ? await checkPorts(servers.definitions, window.servers) : [];
  return [nodeFinding(), ...files, ...window.findings, ...ports, ...storage, ...shell];
}

function isFound(servers: unknown): servers is FoundServers {
  return typeof servers === 'object' && servers !== null && 'definitions' in servers;
}

function unreadable(folder: string, error: unknown): Finding {
  return problem(
    `${folder} cannot be read: ${errorMessage(error)}`,
    'Allow this user to read the folder and its files, then try again.',
  );
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  const isOld = Number(node.split('.')[0]) < minNodeVersion;
  return isOld
    ? problem(`Node ${node} is too old.`, `Install Node ${minNodeVersion} or later.`)
    : ok(`Node ${node} runs this program.`);
}

function findingText({ status, text, advice }: Finding): string {
  return `${marks[status]} ${text}${advice === undefined ? '' : `\n  ${advice}`}`;
}
