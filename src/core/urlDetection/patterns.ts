/** Stands for a link among the words of a line, since what an address contains says nothing about the line. */
export const linkMark = '\ufffc';

/** A line of an access log, which may name any port. Such lines are many, so they are told first. */
export const requestLogLine = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) +(?:\/|https?:)/;

/** What a server says of itself. */
export const announcesAddress = anyOf(
  'listen(?:s|ing)?',
  'start(?:ed|ing|(?=:))',
  'run(?:s|ning)',
  'serv(?:es|ing|ers?)',
  'respond(?:s|ing)',
  'accept(?:s|ing)',
  'host(?:ed|ing)',
  'ready|available|accessible|online|live|up|open|visit|local',
  'bound|launched|lifted|stage|ProtocolHandler',
);

/** What did not succeed, what ends, what is asked for, and what is somebody else's port. */
export const reportsFailure = anyOf(
  'in use|being used|(?:is|was) taken|occupied|busy|conflicts?|already',
  "not available|unavailable|unable|cannot|(?:ca|could)n't|could not",
  'fail(?:ed|s|ure)?|refused|denied|E(?:ADDR|CONN|ACCES|PERM|TIMEDOUT)\\w*|error(?=:)',
  'would you like|do you want',
  'stopp(?:ed|ing)|shutting down|clos(?:ed|ing)|killed',
  'prox(?:y|ied|ying)|cors|origins?',
  'metrics|prometheus|pprof',
);

/** Services that announce a port in the same words as a server of pages. */
export const mentionsOtherService = anyOf(
  'database|postgres\\w*|mysql|mariadb|redis|mongo\\w*|memcached',
  'kafka|rabbitmq|nats|smtp|ftp|ssh|grpc',
  'connect(?:ed|ing)',
);

const tools = [
  'debugg(?:er|ing)|debug (?:service|port)|inspector|dev-? ?tools|dt_socket|vm service|nrepl',
  'hmr|hot(?: module)?[ -]reload\\w*|live[ -]?reload\\w*',
  'admin endpoint|emulator hub|reserved|inbucket|mailpit|mailhog|(?:studio|dashboard) url',
].join('|');
const leadingWords = [
  'server|service|websocket|socket|client|endpoint|adapter|profiler|protocol|chrome|msg',
  'start(?:ed|ing)|running|listening|ready|available|open|bound|attach(?:ed)?',
  'address|ports?|url|host|is|was|now|can|be|via|tcp\\/ip|for|on|at|to|and',
].join('|');
const toolAddress = String.raw`(?:[\s"',:=({>-]|(?:${leadingWords})\b)*(?:[${linkMark}\d*[]|localhost\b)`;

/** A tool's name, then only words that lead to its address: a server "with HMR" is a server. */
export const announcesOtherPort = new RegExp(
  [
    String.raw`(?<!\bwith )\b(?:${tools})\b${toolAddress}`,
    String.raw`^\W*reload(?:er|ing)?\b${toolAddress}`,
    // Browsersync's pages about itself, and Delve.
    String.raw`^\W*UI(?: External)?:`,
    String.raw`^(?:API|DAP) server listening at: [\d[]`,
  ].join('|'),
  'i',
);

/** Right before a link: that is where something else goes to, not where this server is. */
export const pointsElsewhere = new RegExp(
  [
    String.raw`\b(?:${[
      'waiting for|wait-on|target|upstream|webhook|callback|referr?er|instead of',
      '(?:connect|fetch|request|redirect|forward)(?:ed|es|ing|s)?(?: to| with| from)?',
    ].join('|')})\W*$`,
    String.raw`(?:\/\S*|:\d+)\s*(?:->|=>|→|➜|⇒|>)\s*$`,
  ].join('|'),
  'i',
);

/** Right before a link: a variable of the environment, which tells this server of another one. */
export const variableAssignment = /\b[A-Z][A-Z\d]*_[A-Z\d_]+ ?= ?["']?$/;

function anyOf(...words: readonly string[]): RegExp {
  return new RegExp(String.raw`\b(?:${words.join('|')})\b`, 'i');
}
