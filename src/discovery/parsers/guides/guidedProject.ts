import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath, resolvedPath } from '../../files/relativePath.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import {
  agentFromPackageJson,
  agentsFromLockFiles,
  agentOfScripts,
  nearestAgent,
  type runCommand,
} from '../../scripts/packageManager.js';
import type { Classification } from '../../scripts/classification.js';
import { makeTargets, withIncludes } from '../taskRunners/makeTargets.js';
import type { Target } from '../taskRunners/targets.js';
import { manifestsOf } from './manifests.js';
import { guidedAgent } from '../shared/guidedAgent.js';
import { packageScripts } from '../shared/packageScripts.js';

/** The scripts of a package. */
interface GuidedPackage {
  readonly scripts: ReadonlyMap<string, string>;
  readonly classifier: CommandClassifier;
}

/** The targets of a file of `make`. */
interface Makefile {
  readonly targets: readonly Target[];
  readonly classifier: CommandClassifier;
}

/** The project that a guide is about: its folder and the folders above. Each file is parsed once. */
export class GuidedProject {
  readonly #packages = new Map<string, GuidedPackage>();
  readonly #makefiles = new Map<string, Makefile>();

  constructor(
    readonly facts: FolderFacts,
    /** Folder of the guide. */
    readonly folder: string,
  ) {}

  packageIn(folder: string): GuidedPackage {
    const known = this.#packages.get(folder);
    if (known) return known;
    const scripts = packageScripts(folder, this.facts);
    const found = { scripts, classifier: new CommandClassifier(scripts) };
    this.#packages.set(folder, found);
    return found;
  }

  /** Returns the lines of a target of `make` in a folder, and what they do; `undefined` for an unknown target. */
  makeTarget(
    name: string,
    folder: string,
  ): { readonly lines: readonly string[]; readonly classification: Classification } | undefined {
    const file = manifestsOf('make').find((each) => this.facts.names(folder).has(each));
    if (file === undefined) return undefined;
    const path = joinPath(folder, file);
    const { targets, classifier } =
      this.#makefiles.get(path) ??
      parsedMakefile(withIncludes(this.facts.text(path) ?? '', folder, this.facts));
    this.#makefiles.set(path, { targets, classifier });
    const lines = targets.find((target) => target.name === name)?.lines;
    return lines && { lines, classification: classifier.classifyScript(name) ?? 'unknown' };
  }

  /** Returns the package manager of a package. */
  agentIn(folder: string): Parameters<typeof runCommand>[0] {
    const manifest = (at: string): string => this.facts.text(joinPath(at, 'package.json')) ?? '';
    const nearest = nearestAgent(folder, (at) => agentFromPackageJson(manifest(at)) ?? this.#lockedAgent(at));
    return nearest ?? agentOfScripts(manifest(folder)) ?? 'npm';
  }

  #lockedAgent(folder: string): ReturnType<GuidedProject['agentIn']> | undefined {
    const agents = agentsFromLockFiles(this.facts.names(folder));
    return guidedAgent(folder, agents, this.facts) ?? agents[0];
  }

  /**
   * Returns the folder after these folder changes, starting from the folder of the guide or one above it. A change into
   * the new clone of the project has no effect.
   */
  folderAfter(path: readonly string[], start = this.folder): string {
    return path.reduce((at, target) => {
      const candidates = [pathFrom(at, target), pathFrom(start, target)];
      const isUp = target.startsWith('..');
      return candidates.find((each) => isUp || this.facts.names(each).size > 0) ?? at;
    }, start);
  }

  /** Returns whether a path that a command in a folder names exists in the project. */
  has(path: string, folder: string): boolean {
    const at = pathFrom(folder, path);
    return at !== '' && this.facts.names(folderOf(at)).has(baseName(at));
  }

  text(path: string, folder: string): string {
    return this.facts.text(pathFrom(folder, path)) ?? '';
  }

  names(path: string, folder: string): ReadonlySet<string> {
    return this.facts.names(pathFrom(folder, path));
  }
}

/** Resolves a path such as `./cmd/api` against a folder. A path that leads out of the workspace folder ends there. */
function pathFrom(folder: string, path: string): string {
  return resolvedPath(folder, path) ?? '';
}

function parsedMakefile(text: string): Makefile {
  const targets = makeTargets(text);
  const bodies = new Map(targets.map(({ name, lines }) => [name, lines.join('\n')]));
  return { targets, classifier: new CommandClassifier(bodies, 'make') };
}
