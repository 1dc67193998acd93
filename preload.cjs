// Runs before anything else, as plain JavaScript without imports: it must run, and explain itself, on any Node that npm may find.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'Rookery needs Node 24, this is ' +
      process.versions.node +
      '. Run "npm ci" with install scripts allowed: it brings ' +
      'Node 24 along (the devDependency "node"), and npm scripts then use it. Or install Node 24 yourself.\n',
  )
  process.exit(1)
}

// What was compiled, TypeScript without its types included, is kept for the next start, also of child processes: that halves the start.
process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || `${__dirname}/node_modules/.cache/node`
require('node:module').enableCompileCache(process.env.NODE_COMPILE_CACHE)
