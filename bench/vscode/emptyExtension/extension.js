// An empty extension, to separate the cost of every activation from the work of an extension.
exports.activate = () => undefined;
