// Node's own fetch in place of node-fetch, which is a polyfill of it.
module.exports = (...request) => fetch(...request);
module.exports.default = module.exports;
module.exports.Headers = Headers;
