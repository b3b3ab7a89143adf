import type { FileParser, FoundServer } from '../../files/fileParser.js';
import { shortJson } from '../../files/shortJson.js';
import {
  argumentProblem,
  maxFindingsPerFile,
  noFindings,
  singleServer,
  unreadableFile,
} from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseJsonFile } from '../shared/json.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';

const settingsFile = 'launchSettings.json';

/** A project for the web, and what shows that it is a library or contains tests. */
const webProject = /<Project\b[^>]{0,200}\bSdk="Microsoft\.NET\.Sdk\.Web(?:\/[\w.-]+)?"/u;
const noProgram = /<OutputType>\s{0,9}Library\b|"Microsoft\.NET\.Test\.Sdk"|<IsTestProject>\s{0,9}true\b/iu;

/** Finds projects for the web without settings for the launch, whose program listens at the usual address. */
export const dotnetProject: FileParser = {
  source: 'dotnet',
  patterns: ['*.{csproj,fsproj}'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const names = facts.names(folder);
    const hasProgram = names.has('Program.cs') || names.has('Program.fs');
    if (!hasProgram || !webProject.test(text) || noProgram.test(text) || isWorkerName(baseName(folder)))
      return noFindings;
    if (facts.names(joinPath(folder, 'Properties')).has(settingsFile)) return noFindings;
    const projects = [...names].filter((name) => /\.(?:cs|fs|vb)proj$/u.test(name));
    const args = projects.length > 1 ? ['--project', baseName(path)] : [];
    if (argumentProblem(baseName(path), facts.l10n) !== undefined) return noFindings;
    const command = { kind: 'argv', file: 'dotnet', args: ['run', ...args] } as const;
    return singleServer({ name: 'dotnet run', command });
  },
};

/** Finds the profiles of `Properties/launchSettings.json` that start the project itself at an address. */
export const dotnet: FileParser = {
  source: 'dotnet',
  patterns: [`Properties/${settingsFile}`],
  parse({ path, text }, { l10n }) {
    const read = parseJsonFile(text, l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const directory = folderOf(folderOf(path));
    // Its address only shows its state.
    if (isWorkerName(baseName(directory))) return noFindings;
    const servers: FoundServer[] = [];
    const problems: string[] = [];
    const firstProfiles = new Map<string, string>();
    const profiles = ownEntries(ownValue(read.value, 'profiles'));
    const usual = profiles.find(([, profile]) => ownValue(profile, 'commandName') === 'Project')?.[0];
    for (const [name, profile] of profiles) {
      const address = ownValue(profile, 'applicationUrl');
      // Other commands, such as `IISExpress`, work only in Visual Studio. A profile without an address is not a server.
      if (ownValue(profile, 'commandName') !== 'Project' || typeof address !== 'string') continue;
      const reason = argumentProblem(name, l10n);
      if (reason !== undefined) {
        problems.push(l10n.t('The profile {0} was ignored: {1}.', shortJson(name), reason));
        continue;
      }
      const settings = settingsKey(profile);
      const first = firstProfiles.get(settings) ?? name;
      firstProfiles.set(settings, first);
      // Profiles such as `http` and `https`, which differ only in their addresses, run one server.
      const option = ` --launch-profile ${JSON.stringify(first)}`;
      // .NET uses the first profile of this kind if the command names none.
      const runs = `dotnet run${name === usual ? '' : option}`;
      servers.push({ ...profileServer(name, address, directory), traits: { runs } });
    }
    return { servers: servers.slice(0, maxFindingsPerFile), problems: problems.slice(0, maxFindingsPerFile) };
  },
};

/** Variables that only allow an unencrypted address. */
const ofAddress = /^ASPIRE_ALLOW_UNSECURED_TRANSPORT$/u;

/** Returns the settings of a profile that affect the program itself, without addresses. */
function settingsKey(profile: unknown): string {
  const settings = ['commandLineArgs', 'workingDirectory', 'executablePath'];
  const variables = ownEntries(ownValue(profile, 'environmentVariables')).filter(
    ([name, value]) => !ofAddress.test(name) && !(typeof value === 'string' && /^https?:\/\//u.test(value)),
  );
  return JSON.stringify([
    ...settings.map((key) => ownValue(profile, key)),
    variables.toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

function profileServer(name: string, address: string, directory: string): FoundServer {
  const command = { kind: 'argv', file: 'dotnet', args: ['run', '--launch-profile', name] } as const;
  const port = firstPort(address);
  return { name, command, directory, ...(port === undefined ? {} : { port }) };
}

/** Returns the port of the first address of a list separated by semicolons; its host may be `*` or `+`. */
function firstPort(addresses: string): number | undefined {
  const [first = ''] = addresses.slice(0, 1000).split(';');
  const port = Number(/:(\d{1,5})\/?$/u.exec(first.trim())?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
