import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 4100);

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url}`);
  response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  response.end(JSON.stringify({ message: 'Hello from the API' }));
});

server.listen(port, 'localhost', () => console.log(`API ready at http://localhost:${port}/`));
