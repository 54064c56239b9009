import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type InLine, Line } from '../../src/base/line.js';

class Member implements InLine<Member> {
  before: Member | undefined = undefined;
  after: Member | undefined = undefined;
}

test('whoever joins and leaves, those in it stand in the order in which they came', () => {
  const steps = fc.array(fc.record({ joins: fc.boolean(), place: fc.nat() }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (all) => {
      const line = new Line<Member>();
      const model: Member[] = [];
      for (const { joins, place } of all) {
        if (joins || model.length === 0) {
          const member = new Member();
          line.join(member);
          model.push(member);
        } else {
          const [gone] = model.splice(place % model.length, 1) as [Member];
          line.leave(gone);
          // Who has left holds none of those who stay.
          expect(gone).toEqual(new Member());
        }
        expect(line.length).toBe(model.length);
        expect(line.first).toBe(model[0]);
        expect([...line].every((member, index) => member === model[index])).toBe(true);
      }
    }),
  );
});

test('one who has left may join again, at the end', () => {
  const line = new Line<Member>();
  const [one, two] = [new Member(), new Member()];
  line.join(one);
  line.join(two);

  line.leave(one);
  line.join(one);

  expect([...line]).toEqual([two, one]);
});
