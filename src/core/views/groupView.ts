import { isUsable } from '../registry/dependencyGraph.js';
import { type ServerState } from '../server/state.js';
import { groupLabel, isBroken, isChanging, type ServerGroup } from './groups.js';
import type { Translator } from '../common.js';
import { isActive, isStoppable } from '../server/stateQueries.js';

/** Presentation of the row of a group. */
export interface GroupView {
  readonly label: string;
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme colour; the default colour when undefined. */
  readonly colour: string | undefined;
  /** Keywords for `when` clauses of menus: `group`, and `active` if there is something to stop. */
  readonly context: string;
  /** Text for screen readers instead of label and description. */
  readonly spoken: string;
}

/** Returns the presentation of a group. A group of the user shows its health; a package only how many servers run. */
export function groupView(group: ServerGroup, l10n: Translator): GroupView {
  const states = group.servers.map(({ state }) => state);
  const label = groupLabel(group);
  const description = group.name === undefined ? runningText(states, l10n) : readyText(states, l10n);
  return {
    label,
    description,
    ...(group.name === undefined ? packageAppearance(group) : groupAppearance(states)),
    context: states.some(isStoppable) ? 'group active' : 'group',
    spoken: description === '' ? l10n.t('{0}, stopped', label) : l10n.t('{0}, {1}', label, description),
  };
}

/** Returns how many servers of a package run, e.g. `2 of 5 running`; empty if none does. */
function runningText(states: readonly ServerState[], l10n: Translator): string {
  const active = states.filter(isActive).length;
  return active === 0 ? '' : l10n.t('{0} of {1} running', active, states.length);
}

/** Returns the progress of a group, e.g. `2 of 3 ready`; empty if none of its servers is up, starting or broken. */
function readyText(states: readonly ServerState[], l10n: Translator): string {
  const ready = states.filter(isUsable).length;
  if (states.some(isStartPending)) return l10n.t('starting: {0} of {1} ready', ready, states.length);
  const isDown = ready === 0 && !states.some((state) => isActive(state) || isBroken(state));
  return isDown ? '' : l10n.t('{0} of {1} ready', ready, states.length);
}

function isStartPending({ kind }: ServerState): boolean {
  return kind === 'queued' || kind === 'reserved' || kind === 'starting';
}

function packageAppearance({ path }: ServerGroup): Pick<GroupView, 'icon' | 'colour'> {
  return { icon: path === '' ? 'root-folder' : 'folder', colour: undefined };
}

/** Returns the icon of the worst state; a transition shows only if no server has a problem. */
function groupAppearance(states: readonly ServerState[]): Pick<GroupView, 'icon' | 'colour'> {
  if (states.some(isBroken)) return { icon: 'error', colour: 'list.errorForeground' };
  if (states.some(({ kind }) => kind === 'unhealthy')) {
    return { icon: 'warning', colour: 'list.warningForeground' };
  }
  if (states.some(isChanging)) return { icon: 'loading~spin', colour: 'charts.yellow' };
  return { icon: 'layers', colour: states.some(isUsable) ? 'charts.green' : undefined };
}
