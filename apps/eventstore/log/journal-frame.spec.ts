import fc from 'fast-check';
import { encodeFrame, filePage, following, framesIn, pageBytes, saltBytes, type Frame } from './journal-frame';
import { emptyLog } from './log-end';
import { DamagedFile } from './page-file';

const salt = Buffer.alloc(saltBytes, 7);
const otherSalt = Buffer.alloc(saltBytes, 8);

const entries = fc.array(
  fc.record({
    key: fc.uint8Array({ minLength: 1, maxLength: 12 }).map(Buffer.from),
    value: fc.uint8Array({ maxLength: 3_000 }).map(Buffer.from),
  }),
  { maxLength: 5 },
);
const lengths = fc.array(
  fc.record({ length: fc.integer({ min: 1, max: 10_000 }), records: entries, index: entries, streams: entries }),
  { minLength: 1, maxLength: 6 },
);

/** Frames that follow one another from a position on. */
const chain = (parts: readonly (Omit<Frame, 'from' | 'end'> & { length: number })[], first: number): Frame[] => {
  let from = first;
  return parts.map(({ length, ...tables }, n) => {
    const frame = { from, end: { ...emptyLog, nextPosition: from + length, records: n }, ...tables };
    from += length;
    return frame;
  });
};
const frames = lengths.map((parts) => chain(parts, emptyLog.nextPosition));
const small = (count: number, first: number): Frame[] =>
  chain(
    Array.from({ length: count }, () => ({ length: 100, records: [], index: [], streams: [] })),
    first,
  );

const fileOf = (written: readonly Frame[], by = salt): Buffer =>
  Buffer.concat([filePage(by), ...written.map((frame) => encodeFrame(frame, by))]);
const found = (file: Buffer): Frame[] => following(framesIn(file), emptyLog.nextPosition);
const zeros = Buffer.alloc(3 * pageBytes);

describe('a file of the journal', () => {
  it('gives back every frame that was written, with the empty pages behind them or without', () => {
    fc.assert(
      fc.property(frames, (written) => {
        expect(found(fileOf(written))).toEqual(written);
        expect(found(Buffer.concat([fileOf(written), zeros]))).toEqual(written);
      }),
    );
  });

  it('whose last frame is torn gives back all before it, wherever it is torn', () => {
    fc.assert(
      fc.property(frames, fc.nat(), (written, at) => {
        const [before, whole] = [fileOf(written.slice(0, -1)), fileOf(written)];
        const used = whole.length - before.length;
        // Only the bytes up to a place reached the disk; behind them is what was there.
        const torn = Buffer.concat([whole.subarray(0, before.length + (at % used)), Buffer.alloc(used, 0xee)]);
        const left = found(torn);
        expect([written, written.slice(0, -1)]).toContainEqual(left);
      }),
    );
  });

  it('that is spoilt anywhere never gives back anything else than was written', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, bits) => {
        const file = fileOf(written);
        file[at % file.length]! ^= bits;
        try {
          const left = found(file);
          expect(left).toEqual(written.slice(0, left.length));
          // Only an end can go missing without a word: it may have been torn.
          expect(left.length).toBeGreaterThanOrEqual(written.length - 1);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedFile);
        }
      }),
    );
  });

  it('that lost a frame from its middle is damaged', () => {
    const [first, second, third] = small(3, 64).map((frame) => encodeFrame(frame, salt));
    second!.fill(0);
    const file = Buffer.concat([filePage(salt), first!, second!, third!]);
    expect(() => found(file)).toThrow('the journal goes on at position 264 where the log ends at 164');
  });

  it('goes on with the newer frames, whatever older ones stand behind them', () => {
    const older = small(5, 64);
    const newer = small(2, older.at(-1)!.end.nextPosition);
    const file = fileOf(older);
    fileOf(newer).copy(file);
    expect(following(framesIn(file), newer[0]!.from)).toEqual(newer);
  });

  it('takes no frame with another salt, not even from inside an event', () => {
    const [forged] = small(1, 164);
    const value = Buffer.concat([Buffer.alloc(pageBytes - 80 - 6 - 1), encodeFrame(forged!, otherSalt)]);
    const [carrier] = chain([{ length: 100, records: [{ key: Buffer.of(1), value }], index: [], streams: [] }], 64);
    const file = fileOf([carrier!]);
    const inside = file.indexOf(encodeFrame(forged!, otherSalt));
    expect(inside % pageBytes).toBe(0);
    file[pageBytes]! ^= 1;
    expect(framesIn(file)).toEqual([]);
  });

  it('without a first page is empty, or damaged when there is something behind it', () => {
    expect(framesIn(Buffer.alloc(0))).toEqual([]);
    expect(framesIn(Buffer.concat([Buffer.alloc(pageBytes), zeros]))).toEqual([]);
    const file = fileOf(small(2, 64));
    file[20]! ^= 1;
    expect(() => framesIn(file)).toThrow('the first page of a journal file is not that of a journal');
    const told: string[] = [];
    expect(framesIn(file, (fault) => told.push(fault))).toEqual(small(2, 64));
    expect(told).toHaveLength(1);
  });
});

describe('the frames of both files', () => {
  it('are put in their order, and what the database has is left out', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat(), (parts, split, applied) => {
        const all = chain(parts, 64);
        const at = split % (all.length + 1);
        const known = applied % (all.length + 1);
        const end = known === 0 ? 64 : all[known - 1]!.end.nextPosition;
        expect(following([...all.slice(at), ...all.slice(0, at)], end)).toEqual(all.slice(known));
      }),
    );
  });
});
