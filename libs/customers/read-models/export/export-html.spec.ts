import { CustomerExport } from './customer-export';
import { exportHtml } from './export-html';

const hostile = `</td><script>alert("x")</script>&'"><img src=x onerror=y>`;
const page: CustomerExport = {
  ...{ customer: 'c1', customers: ['c1', 'c2'], exportedAt: '2026-01-05T09:00:00.000Z', eventCount: 1 },
  streams: [
    {
      ...{ category: 'request', key: 'CSR-7K3-M9Q-XA4' },
      events: [
        {
          ...{
            revision: '0',
            type: 'RequestOpened',
            occurredAt: hostile,
            recordedAt: hostile,
            by: 'staff',
            process: null,
          },
          data: { subject: hostile, contact: { name: hostile }, list: [hostile, null, 3], [hostile]: true },
        },
        {
          ...{ revision: '1', type: 'RequestClosed', occurredAt: '2026-01-05T09:00:00.000Z', recordedAt: 'x' },
          ...{ by: 'system', process: hostile, data: {} },
        },
      ],
    },
  ],
};

it('shows every text as text, wherever it stands', () => {
  const html = exportHtml(page);
  expect(html).not.toMatch(/<script|<img|onerror=y>/);
  const tags = [...html.matchAll(/<\/?([a-z0-9]+)[^>]*>/g)].map(([, name]) => name);
  const known = 'html head meta title body h1 h2 p time section table thead tbody tr th td dl dt dd ul li'.split(' ');
  expect(tags.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  // Once more than in the data: the process is named behind who it was.
  expect(html.split('&lt;script&gt;')).toHaveLength(7);
});

it('says who did what and when', () => {
  const html = exportHtml(page);
  expect(html).toContain('our staff');
  expect(html).toContain('RequestOpened');
  expect(html).toContain('request CSR-7K3-M9Q-XA4');
  expect(html).toContain('c1, c2');
});
