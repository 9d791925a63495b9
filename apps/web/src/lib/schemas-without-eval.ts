// Schemas would compile themselves with eval, which the content policy refuses and reports. Their library reads its
// settings from this global object when it is loaded, which is long after the first page; importing it here to ask it
// would bring it to everybody.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
