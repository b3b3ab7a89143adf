import type { FileParser, FoundServer } from '../../files/fileParser.js';
import { shortJson } from '../../files/shortJson.js';
import { argumentProblem, maxFindingsPerFile, noFindings, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseJsonFile } from '../shared/json.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { baseName, folderOf } from '../../files/relativePath.js';

/** Finds the profiles of `Properties/launchSettings.json` that start the project itself at an address. */
export const dotnet: FileParser = {
  source: 'dotnet',
  patterns: ['Properties/launchSettings.json'],
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
