// Loaded before a program: Node then says that it is version 20, and lacks what that version lacks.
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
Object.defineProperty(process, 'version', { value: 'v20.20.2' });
Object.defineProperty(Promise, 'withResolvers', { value: undefined });
