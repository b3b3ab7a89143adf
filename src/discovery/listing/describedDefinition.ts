import type { ServerDefinition } from '../../core/server/definition.js';
import type { Purpose, ServerTraits } from '../files/fileParser.js';
import type { FoundDefinition, StartedScript } from '../files/foundDefinition.js';
import type { SystemName } from '../files/systemName.js';
import type { Paths } from '../files/workspaceFiles.js';
import { delegatedScripts } from './delegatedScripts.js';
import { purposeOf } from './purpose.js';
import { runKeys } from './runKeys.js';
import { serverRank } from './serverRank.js';
import { startedScript } from './startedScript.js';

/** A found server whose facts are computed once; those that few servers need are computed on first use. */
export class DescribedDefinition implements FoundDefinition {
  readonly purpose: Purpose;
  readonly rank: readonly number[];
  /** Private, so that `JSON.stringify` omits it when found definitions are compared. */
  readonly #paths: Paths;
  #keys: readonly string[] | undefined;
  #delegates: readonly string[] | undefined;
  #started: { readonly script: StartedScript | undefined } | undefined;

  constructor(
    readonly definition: ServerDefinition,
    readonly traits: ServerTraits,
    { paths, system }: { readonly paths: Paths; readonly system: SystemName },
  ) {
    this.#paths = paths;
    const purpose = statedOrNamed(traits.purpose, () => purposeOf(definition, system));
    this.purpose = purpose === 'development' && traits.isReleased === true ? 'production' : purpose;
    this.rank = serverRank(definition, this.purpose, traits);
  }

  get keys(): readonly string[] {
    this.#keys ??= runKeys(this.definition, this.traits, this.#paths);
    return this.#keys;
  }

  get delegates(): readonly string[] {
    this.#delegates ??= delegatedScripts(this.definition);
    return this.#delegates;
  }

  get started(): StartedScript | undefined {
    this.#started ??= { script: startedScript(this.definition, this.traits, this.#paths) };
    return this.#started.script;
  }
}

/** Returns the purpose that a parser states, or that the names indicate. */
function statedOrNamed(stated: Purpose | undefined, nameIt: () => Purpose): Purpose {
  if (stated !== undefined && stated !== 'production') return stated;
  const named = nameIt();
  // What looks like production in a folder of tests is part of the tests.
  return named === 'test' ? named : (stated ?? named);
}
