import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before a program: it then finds itself as a PID namespace of its own would show it, as process 1.
const { readFile, readlink } = fs.promises;
const [born, mine] = [fs.readFileSync('/proc/self/stat'), `pid:[${process.pid}]`];
const isMe = (path: unknown): boolean => /^\/proc\/(1|self)\/stat$/.test(String(path));

fs.promises.readFile = (async (path: string, options: BufferEncoding) =>
  isMe(path) ? born.toString() : readFile(path, options)) as typeof readFile;
fs.promises.readlink = (async (path: string, options: BufferEncoding) =>
  String(path).endsWith('/ns/pid') ? mine : readlink(path, options)) as typeof readlink;
const { readFileSync, readlinkSync } = fs;
fs.readFileSync = ((path: string, options: BufferEncoding) =>
  isMe(path) ? born.toString() : readFileSync(path, options)) as typeof readFileSync;
fs.readlinkSync = ((path: string, options: BufferEncoding) =>
  String(path).endsWith('/ns/pid') ? mine : readlinkSync(path, options)) as typeof readlinkSync;
Object.defineProperty(process, 'pid', { value: 1 });
const { kill } = process;
process.kill = (pid, signal) => pid === 1 || kill(pid, signal);
syncBuiltinESMExports();
