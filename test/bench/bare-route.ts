import fastify from 'fastify';

/**
 * A program of its own: Fastify with one route that checks a body like that of an opening and answers like a command, and one
 * that answers like a query. The baseline of everything over HTTP. Ends with its standard input.
 */
const text = { type: 'string', minLength: 1, maxLength: 20_000 };
const word = { type: 'string', enum: ['low', 'medium', 'high'] };
const customer = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: text, email: { type: 'string', format: 'email' } },
};
const body = {
  type: 'object',
  required: ['subject', 'description', 'type', 'impact', 'urgency', 'customer'],
  additionalProperties: false,
  properties: {
    ...{ subject: text, description: text, type: text, category: text, team: text },
    ...{ impact: word, urgency: word, customer },
  },
};

const main = async (): Promise<void> => {
  const server = fastify();
  let revision = 0;
  server.post('/opened', { schema: { body } }, async (_request, reply) => {
    void reply.code(201).header('etag', `"${revision}"`);
    return { number: 'CSR-7K3-M9Q-XA4', revision: '0', position: String(revision++), events: ['RequestOpened'] };
  });
  const item = { number: 'CSR-7K3-M9Q-XA4', subject: 'Printer', status: 'open', priority: 'P2', team: 'support' };
  const items = Array.from({ length: 50 }, () => item);
  server.get('/page', async () => ({ items, total: 100_000, nextCursor: null, position: String(revision) }));
  process.stdout.write(`bare route ready on ${await server.listen({ host: '127.0.0.1', port: 0 })}\n`);
  const stop = (): void => void server.close().then(() => process.exit(0));
  process.stdin.resume().on('end', stop);
  process.on('SIGTERM', stop);
};

void main();
