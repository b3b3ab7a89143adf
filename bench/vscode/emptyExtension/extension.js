// Only exists, so that what every activation costs can be told from what an extension does in it.
exports.activate = () => undefined;
