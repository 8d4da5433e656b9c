const measuredMax = 1_000;
const percentiles = [90, 95, 99, 99.5, 99.9];

/** How long a consumer took to answer, of its last thousand entries, in whole ms; under the names of the real server. */
export class Latencies {
  private readonly ms: number[] = [];
  private next = 0;

  add(ms: number): void {
    this.ms[this.next] = Math.floor(ms);
    this.next = (this.next + 1) % measuredMax;
  }

  get measurements(): [name: string, ms: number][] {
    const sorted = [...this.ms].sort((a, b) => a - b);
    if (sorted.length === 0) return [];
    const at = (percent: number): number =>
      sorted[Math.min(Math.floor((percent / 100) * sorted.length), sorted.length - 1)]!;
    const sum = sorted.reduce((total, value) => total + value, 0);
    return [
      ['Mean', Math.floor(sum / sorted.length)],
      ['Median', sorted[Math.floor(sorted.length / 2)]!],
      ['Fastest', sorted[0]!],
      ...[0, 20, 40, 60, 80].map((percent, i): [string, number] => [`Quintile ${i + 1}`, at(percent)]),
      ...percentiles.map((percent): [string, number] => [`${percent}%`, at(percent)]),
      ['Highest', sorted[sorted.length - 1]!],
    ];
  }
}
