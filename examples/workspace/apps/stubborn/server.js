// A server that ignores the signals to stop: the extension has to kill it.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 4300);

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => console.log(`Ignoring ${signal}`));
}

createServer((_request, response) => response.end('Still here\n')).listen(port, 'localhost', () =>
  console.log(`Stubborn server at http://localhost:${port}/`),
);
