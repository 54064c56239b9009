/**
 * Every case runs in a loop function of its own. The text of each is unique: V8 gives functions made of one text one
 * feedback vector, so that the loop compiled for the first case would read 0.9 of an identical second one.
 */
let made = 0;

const bodies = {
  async: 'last = await call(i & 1023);',
  sync: 'last = call(i & 1023);',
  rejects: 'try { last = await call(i & 1023); } catch (error) { last = error; }',
};

/** A loop that makes `count` calls of one kind: 'async', 'sync' or 'rejects'. */
export function loopOver(kind, call) {
  const text = `return async function loop${++made}(count) {
    let last;
    for (let i = 0; i < count; i++) { ${bodies[kind]} }
    return last;
  };`;
  return new Function('call', text)(call);
}

/**
 * The function that is protected: does nothing, and shares its code with no other case. Its name is in its text, for a
 * name defined later would give it a hidden class of its own.
 */
export function asyncTarget(name) {
  return new Function(`return async function ${identifier(name)}(x) { return x; };`)();
}

export function syncTarget(name) {
  return new Function(`return function ${identifier(name)}(x) { return x; };`)();
}

function identifier(name = 'target') {
  return `${name.replaceAll(/\W/g, '_')}_${++made}`;
}
