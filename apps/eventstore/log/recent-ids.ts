/**
 * The ids of recently appended events, by which an append without an exact revision is recognised when it is repeated.
 * Only a convenience: it is empty after a start and forgets what is old. Repeats at an exact revision do not need it.
 * As on the real server an id is remembered once, where it was first written, until it is forgotten.
 */
export interface RecentEvent {
  streamId: number;
  revision: number;
  position: number;
}

const idsPerGenerationMax = 32_768;

export class RecentIds {
  private young = new Map<string, RecentEvent>();
  private old = new Map<string, RecentEvent>();

  get(id: string): RecentEvent | undefined {
    return this.young.get(id) ?? this.old.get(id);
  }

  add(id: string, event: RecentEvent): void {
    if (this.get(id)) return;
    this.young.set(id, event);
    if (this.young.size < idsPerGenerationMax) return;
    this.old = this.young;
    this.young = new Map();
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }
}
