/** Replaces a link in a line, since the contents of an address say nothing about the line. */
export const linkMark = '\ufffc';

/** A line of an access log, which may contain any port. These lines are frequent, so they are excluded first. */
export const requestLogLine = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) +(?:\/|https?:)/;

/** Announcement of a server's own address. */
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

/** Claim of an address as the server's own; other words may announce it or mention the address of another server. */
export const claimsAddress = anyOf('local|loopback|listen(?:s|ing)?');

/**
 * Words before an address in a sentence about the server itself, such as `Starting development server at`. With any
 * other word, such as a name, the sentence may be about another server.
 */
export const isAboutItself = new RegExp(
  [
    String.raw`^(?=.*\b(?:listening|starting|started|running|serving)\b)`,
    String.raw`\W*(?:(?:now|the|an?|is|web|https?|api|app(?:lication)?|dev(?:elopment)?|local|server`,
    String.raw`|listening|starting|started|running|serving|files|at|on|for|port)\b\W*)*$`,
  ].join(''),
  'i',
);

/** Label that tools for pages give their own address. */
export const localLabel = /\blocal(?: url)?\b[\s:]*$/i;

/** The part of a line up to the last sentence, bracket or dash before an address. */
export const clauseStart = /^.*(?:[.!;|)\]]\s|\s[-\u2013\u2014]\s)/;

/** The end of what a line says about an address. */
export const clauseEnd = /[.!;|([]\s|\s[-\u2013\u2014([|]/g;

/** Failures, ends and questions, and ports of other programs. */
export const reportsFailure = anyOf(
  'in use|being used|(?:is|was) taken|occupied|busy|conflicts?|already',
  "not available|unavailable|unable|cannot|(?:ca|could)n't|could not",
  'fail(?:ed|s|ure)?|refused|denied|E(?:ADDR|CONN|ACCES|PERM|TIMEDOUT)\\w*|error(?=:)',
  'would you like|do you want',
  'stopp(?:ed|ing)|shutting down|clos(?:ed|ing)|killed',
  'prox(?:y|ied|ying)|cors|origins?',
  'metrics|prometheus|pprof',
);

/** Services that announce a port with the same text as a web server. */
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

/** The name of a tool with only connecting words before its address: a server "with HMR" is a server. */
export const announcesOtherPort = new RegExp(
  [
    String.raw`(?<!\bwith )\b(?:${tools})\b${toolAddress}`,
    String.raw`^\W*reload(?:er|ing)?\b${toolAddress}`,
    // Browsersync's own UI, and Delve.
    String.raw`^\W*UI(?: External)?:`,
    String.raw`^(?:API|DAP) server listening at: [\d[]`,
  ].join('|'),
  'i',
);

/** Text right before a link to another server or client, rather than to this server. */
export const pointsElsewhere = new RegExp(
  [
    String.raw`\b(?:${[
      'waiting for|wait-on|target|upstream|webhook|callback|referr?er|instead of',
      '(?:connect|fetch|request|redirect|forward)(?:ed|es|ing|s)?(?: to| with| from)?',
    ].join('|')})\W{0,99}$`,
    String.raw`(?:\/\S{0,500}|:\d{1,5})\s{0,9}(?:->|=>|\u2192|\u279c|\u21d2|>)\s{0,9}$`,
  ].join('|'),
  'i',
);

/** Text right before a link: an environment variable, which holds the address of another server. */
export const variableAssignment = /\b[A-Z][A-Z\d]*_[A-Z\d_]+ ?= ?["']?$/;

function anyOf(...words: readonly string[]): RegExp {
  return new RegExp(String.raw`\b(?:${words.join('|')})\b`, 'i');
}
