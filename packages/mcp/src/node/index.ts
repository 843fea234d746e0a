export { type HttpOptions, type HttpServing, serveHttp } from './http.ts';
export { type StdioOptions, type StdioServing, serveStdio } from './stdio.ts';
