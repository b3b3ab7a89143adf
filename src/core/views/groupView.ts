import { isUsable } from '../registry/dependencyGraph.js';
import { type ServerState } from '../server/state.js';
import { groupLabel, isBroken, isChanging, type ServerGroup } from './groups.js';
import type { Translator } from '../common.js';
import { isActive, isStoppable } from '../server/stateQueries.js';

/** How the row of a group looks. */
export interface GroupView {
  readonly label: string;
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme colour; the default colour when undefined. */
  readonly colour: string | undefined;
  /** Words that menus match: `group`, and `active` when there is something to stop. */
  readonly context: string;
  /** Read aloud instead of label and description. */
  readonly spoken: string;
}

/** The look of a group at a moment. What a person put together shows how it fares; a package only what runs of it. */
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

/** How many of a package's servers run, e.g. `2 of 5 running`; empty when none does. */
function runningText(states: readonly ServerState[], l10n: Translator): string {
  const active = states.filter(isActive).length;
  return active === 0 ? '' : l10n.t('{0} of {1} running', active, states.length);
}

/** How far a group is, e.g. `2 of 3 ready`; empty when nothing of it runs or is to. */
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

/** The worst state of all, and only then that something happens. */
function groupAppearance(states: readonly ServerState[]): Pick<GroupView, 'icon' | 'colour'> {
  if (states.some(isBroken)) return { icon: 'error', colour: 'list.errorForeground' };
  if (states.some(({ kind }) => kind === 'unhealthy')) {
    return { icon: 'warning', colour: 'list.warningForeground' };
  }
  if (states.some(isChanging)) return { icon: 'loading~spin', colour: 'charts.yellow' };
  return { icon: 'layers', colour: states.some(isUsable) ? 'charts.green' : undefined };
}
