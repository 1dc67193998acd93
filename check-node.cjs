// Plain JavaScript without imports: it must run, and explain itself, on any Node that npm may find.
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
