// A server that fails while it starts.
console.log('Reading the configuration ...');
console.log('Connecting to the database ...');
console.error('Error: connect ECONNREFUSED 127.0.0.1:5432');
process.exitCode = 1;
