/** Colored lines, as frameworks print them. */
export const coloredLog = [
  '\u001b[2m12:30:45 PM\u001b[22m \u001b[36m\u001b[1m[vite]\u001b[22m\u001b[39m \u001b[32mhmr update \u001b[39m\u001b[2m/src/App.tsx\u001b[22m\r\n',
  ' GET /api/items \u001b[32m200\u001b[39m in 500ms\u001b[2m (next.js: 311ms, application-code: 189ms)\u001b[22m\r\n',
  '\u001b[32m[Nest] 11107  - \u001b[39m11/23/2026, 10:05:23 AM \u001b[32m    LOG\u001b[39m \u001b[38;5;3m[InstanceLoader] \u001b[39m\u001b[32mAppModule dependencies initialized\u001b[39m\u001b[38;5;3m +9ms\u001b[39m\r\n',
];
/** Lines with URLs, most of them not URLs of the server. */
export const urlLog = [
  'GET http://localhost:3000/api/items/17?sort=name 200 in 12 ms\n',
  'fetched \u001b[36mhttps://registry.example.org/packages/left-pad/-/left-pad-1.3.0.tgz\u001b[39m in 33 ms\n',
  '127.0.0.1 - - [23/Nov/2026:10:05:23 +0000] "GET /a HTTP/1.1" 200 12 "http://localhost:5173/" "Mozilla/5.0"\n',
  'page http://localhost:3000/blog/a-post-about-something rendered\n',
];
/** Pieces that make a line hard to scan when they are repeated, by description. */
export const hostilePieces = {
  'unterminated control sequences': '\u009b;;;;;;;;;;',
  'started server on': 'started server on ',
  'http://': 'http://',
  'http://localhost:': 'http://localhost:',
  'http://localhost:3000': ' http://localhost:3000/a',
  '://': '://',
  'unterminated links': '\u001b]8;;http://localhost:1',
  'one long word': 'a',
  escapes: '\u001b[1m',
  'lone carriage returns': 'port 3000\r',
  'debugger listening on': 'debugger listening on port ',
  ports: ':3000',
  'on 1': 'on 1',
  arrows: '/a -> /a -> http://localhost:1 ',
};
