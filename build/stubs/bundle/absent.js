// For packages that something in the bundle names and POD never uses; bundle-webtask.ts says why.
module.exports = new Proxy(function absent() {}, {
  get(_target, property) {
    if (typeof property === 'symbol' || property === 'then' || property === '__esModule') return undefined;
    throw new Error(
      `A package that POD never uses was left out of its bundle, and its "${property}" was asked for.`,
    );
  },
  apply() {
    throw new Error('A package that POD never uses was left out of its bundle, and was called.');
  },
});
