import type { Translator } from '../common.js';
import type { Endpoint, PortConflict, ReadinessAttempt, ReadinessProblem } from '../readiness/endpoint.js';

/** Returns text such as `not ready after 60 s`. */
export function readinessProblemText(problem: ReadinessProblem, l10n: Translator): string {
  switch (problem.kind) {
    case 'timeout':
      return l10n.t('not ready after {0} s', problem.seconds);
    case 'slowPattern':
      return l10n.t('not ready: the regular expression {0} takes too long', problem.pattern);
    case 'silent':
      return l10n.t('not answering');
    case 'conflict':
      return conflictText(problem, l10n);
  }
}

/** Returns a short text for a row or the status bar, such as `not ready` or `port 3000 in use`. */
export function readinessProblemLabel(problem: ReadinessProblem, l10n: Translator): string {
  switch (problem.kind) {
    case 'timeout':
    case 'slowPattern':
      return l10n.t('not ready');
    case 'silent':
      return l10n.t('not answering');
    case 'conflict':
      return problem.port === undefined ? l10n.t('port in use') : l10n.t('port {0} in use', problem.port);
  }
}

/** Returns text such as `port 3000 is in use by node (PID 123)`. */
export function conflictText({ port, holder }: PortConflict, l10n: Translator): string {
  if (port === undefined) return l10n.t('its port is in use by another program');
  return holder
    ? l10n.t('port {0} is in use by {1} (PID {2})', port, holder.name, holder.pid)
    : l10n.t('port {0} is in use by another program', port);
}

/** Returns text such as `http://localhost:3000/: responded with 500`. */
export function attemptText({ target, outcome }: ReadinessAttempt, l10n: Translator): string {
  switch (outcome.kind) {
    case 'status':
      return l10n.t('{0}: responded with {1}', target, outcome.status);
    case 'accepted':
      return l10n.t('{0}: accepted a connection', target);
    case 'refused':
      return l10n.t('{0}: connection refused', target);
    case 'noAnswer':
      return l10n.t('{0}: no response', target);
    case 'closed':
      return l10n.t('{0}: connection closed', target);
    case 'notHttp':
      return l10n.t('{0}: does not speak HTTP', target);
    case 'tool':
      return l10n.t('{0}: used for debugging or for reloading pages', target);
    case 'notListening':
      return target === ''
        ? l10n.t('It is not listening on any port.')
        : l10n.t('{0}: nothing listens there', target);
    case 'foreign':
      return l10n.t('{0}: another program listens there', target);
    case 'noMatch':
      return l10n.t('No line of output matches {0}', target);
  }
}

/** Returns a note for display after the address; empty if there is nothing to note. */
export function endpointNote(endpoint: Endpoint | undefined, l10n: Translator): string {
  if (endpoint?.listener === 'published') return l10n.t('container');
  return endpoint?.contested === true ? l10n.t('port shared with another program') : '';
}

export function listenerText({ listener, pid }: Endpoint, l10n: Translator): string {
  switch (listener) {
    case 'own':
      return l10n.t('PID {0}', pid ?? 0);
    case 'published':
      return l10n.t('published by a container engine');
    case 'unknown':
      return l10n.t('unknown');
  }
}
