import { outputUrls } from '../jobs/outputs.ts';
import { type JobRecord, toCharge, toRecord } from '../jobs/report.ts';
import type { Host } from '../options.ts';
import type { Exchange } from './endpoint.ts';
import { type Reply, toBytes } from './message.ts';

const shownJobs = 24;

const names: Readonly<Record<Host, string>> = { wavespeed: 'WaveSpeedAI', apiframe: 'Apiframe' };

/** What somebody sees who opens the emulator's address in a browser: what it is, and the jobs with their pictures. */
export function indexPage({ world, origin }: Exchange): Reply {
  const jobs = world.jobs.all();
  const charges = jobs.map((job) => toCharge(job, world.settings)).filter(({ refunded }) => !refunded);
  const latest = jobs.slice(-shownJobs).reverse();
  const hosts = Object.entries(names).map(([host, name]) => {
    const own = charges.filter((charge) => charge.host === host);
    const sum = Math.round(own.reduce((total, { amount }) => total + amount, 0) * 1e6) / 1e6;
    const money = own[0] ? `${own.length} charged, ${sum} ${own[0].currency} at the real host` : 'no job yet';
    return `<tr><td>${name}</td><td><code>${toHtml(`${origin}/${host}`)}</code></td><td>${money}</td></tr>`;
  });
  const body = toBytes(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>imageport emulator</title><style>${style}</style>
<h1>imageport emulator</h1>
<p>Both hosts are emulated here. No model makes these pictures, and nothing costs money. The keys are where it was started.</p>
<table>${hosts.join('')}</table>
<h2>${jobs.length === 0 ? 'No jobs yet' : `The latest of ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}`}</h2>
<ul>${latest.map((job) => toItem(toRecord(job), outputUrls(job, origin))).join('')}</ul>
</html>
`);
  // Prompts come from anywhere: nothing on this page may run.
  const policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  return { status: 200, headers: { ...headers, 'cache-control': 'no-store' }, body };
}

function toItem({ host, id, model, status, input }: JobRecord, urls: readonly string[]): string {
  const pictures = urls.map((url) => `<a href="${toHtml(url)}"><img src="${toHtml(url)}" alt="" loading="lazy"></a>`);
  const prompt = typeof input.prompt === 'string' ? input.prompt.slice(0, 300) : '';
  return `<li>${pictures.join('')}<p>${toHtml(prompt)}</p><small>${names[host]}, ${toHtml(model)}, ${toHtml(status)}, job ${toHtml(id)}</small></li>`;
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const toHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
td { padding: 0 1.5rem .3rem 0 } ul { list-style: none; padding: 0; display: grid; gap: 1.5rem;
grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)) } img { width: 100%; display: block }
li p { margin: .3rem 0 0; overflow-wrap: anywhere }`;
