import { CustomerExport, ExportedEvent, ExportedStream } from './customer-export';

/**
 * The export as a page for people.
 *
 * Guarantee: every text that somebody wrote stands in it as text. Nothing of it is markup, in no place of the page.
 */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const valueHtml = (value: unknown): string => {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return `<ul>${value.map((item) => `<li>${valueHtml(item)}</li>`).join('')}</ul>`;
  if (typeof value === 'object') return factsHtml(value);
  return escaped(String(value));
};

const factsHtml = (facts: object): string =>
  `<dl>${Object.entries(facts)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${valueHtml(value)}</dd>`)
    .join('')}</dl>`;

const who: Readonly<Record<ExportedEvent['by'], string>> = {
  customer: 'you',
  staff: 'our staff',
  system: 'our system',
};

const eventHtml = ({ occurredAt, type, by, process, data }: ExportedEvent): string =>
  `<tr><td><time>${escaped(occurredAt)}</time></td><td>${who[by]}${process === null ? '' : ` (${escaped(process)})`}</td>` +
  `<td>${escaped(type)}</td><td>${factsHtml(data)}</td></tr>`;

const streamHtml = ({ category, key, events }: ExportedStream): string =>
  `<section><h2>${escaped(category)} ${escaped(key)}</h2>` +
  `<table><thead><tr><th>When</th><th>By</th><th>What</th><th>Data</th></tr></thead>` +
  `<tbody>${events.map(eventHtml).join('\n')}</tbody></table></section>`;

export const exportHtml = ({
  customer,
  customers,
  exportedAt,
  eventCount,
  streams,
}: CustomerExport): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>What is held about customer ${escaped(customer)}</title></head>
<body>
<h1>What is held about you</h1>
<p>Customer ${customers.map(escaped).join(', ')}. Made at <time>${escaped(exportedAt)}</time>: ${eventCount} entries in ${streams.length} histories.</p>
${streams.map(streamHtml).join('\n')}
</body>
</html>
`;
