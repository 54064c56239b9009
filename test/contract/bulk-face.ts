import type { PolicyRow } from './every-policy.js';
import type { Applied, Face } from './face.js';

/** The faces that a policy can stand on: a getter takes no list, so that nothing of it can be merged. */
export function servedFaces({ bulk }: PolicyRow, faces: readonly Face[]): readonly Face[] {
  return bulk ? faces.filter(({ maxArgs }) => maxArgs > 0) : faces;
}

/** A face as it is, or for functions of lists: a call is a list of one item, and an item is the arguments of a call. */
export function bulkFace({ bulk }: PolicyRow, face: Face): Face {
  if (!bulk) return face;
  return {
    ...face,
    maxArgs: 6,
    apply: (implementation, outer, inner) =>
      unpacking(
        face.apply(
          function (items) {
            return Promise.all((items as unknown[][]).map((args) => implementation.apply(this, args)));
          },
          outer,
          inner,
        ),
      ),
  };
}

function unpacking({ call, other, ...applied }: Applied): Applied {
  const one =
    (many: Applied['call']): Applied['call'] =>
    (...args) => {
      const results = many([args]);
      return results instanceof Promise ? results.then((all: unknown[]) => all[0]) : results;
    };
  return { ...applied, call: one(call), ...(other && { other: { ...other, call: one(other.call) } }) };
}
