// A token endpoint in a process of its own: rotates refresh tokens at /token, and never answers at /hang.
import { createServer } from 'node:http';
import { once } from 'node:events';

let given = 0;
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    if (request.url === '/hang') return;
    given += 1;
    const token = { access_token: `access-${given}`, refresh_token: `refresh-${given}`, expires_in: 3_600 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send({ url: `http://127.0.0.1:${server.address().port}` });
process.on('message', () => process.send({ given }));
process.on('disconnect', () => process.exit());
