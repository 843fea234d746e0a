export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
  /** `line` joins the points, `curve` shows only the line. */
  readonly as: 'points' | 'line' | 'curve';
}

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** One coordinate system, both axes logarithmic. */
export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const box = { width: 460, height: 330, left: 62, top: 62, right: 148, bottom: 52 };
const ink = '#1f2937';
const faint = '#6b7280';

type Scale = (value: number) => number;

const scale = ({ from, to }: Axis, start: number, end: number): Scale => {
  const span = Math.log(to / from);
  return (value) => start + ((end - start) * Math.log(Math.min(to, Math.max(from, value)) / from)) / span;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(content)}</text>`;

/** 1, 2 and 5 times the powers of ten; only the powers where there would be many. */
function ticks({ from, to }: Axis): number[] {
  const steps = to / from > 500 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: 14 }, (_, index) => 10 ** (index - 4));
  const close = (value: number): boolean => value >= from * 0.999 && value <= to * 1.001;
  return powers.flatMap((power) => steps.map((step) => step * power)).filter(close);
}

const tickText = (value: number): string =>
  value >= 1 ? value.toLocaleString('en-US') : String(+value.toPrecision(1));

function axes({ x, y, title }: Panel, toX: Scale, toY: Scale): string[] {
  const [left, right, top, bottom] = [toX(x.from), toX(x.to), toY(y.to), toY(y.from)];
  const middle = (top + bottom) / 2;
  return [
    ...ticks(x).map((tick) => text(toX(tick), bottom + 18, tickText(tick), `text-anchor="middle" fill="${faint}"`)),
    ...ticks(y).flatMap((tick) => [
      `<path d="M${left} ${toY(tick).toFixed(1)}H${right}" stroke="#e5e7eb"/>`,
      text(left - 8, toY(tick) + 4, tickText(tick), `text-anchor="end" fill="${faint}"`),
    ]),
    `<path d="M${left} ${bottom}H${right}" stroke="#9ca3af"/>`,
    text(left, top - 14, title, `font-weight="600" font-size="13" fill="${ink}"`),
    text((left + right) / 2, bottom + 38, x.label, `text-anchor="middle" fill="${ink}"`),
    text(
      left - 46,
      middle,
      y.label,
      `text-anchor="middle" fill="${ink}" transform="rotate(-90 ${left - 46} ${middle})"`,
    ),
  ];
}

function marks({ series }: Panel, toX: Scale, toY: Scale): string[] {
  return series.flatMap(({ points, color, as }) => {
    const path = points.map(([x, y]) => `${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`).join('L');
    const dash = as === 'curve' ? ' stroke-dasharray="5 4"' : '';
    const line = as === 'points' ? [] : [`<path d="M${path}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`];
    const dots = as === 'curve' ? [] : points;
    return [
      ...line,
      ...dots.map(([x, y]) => {
        const place = `cx="${toX(x).toFixed(1)}" cy="${toY(y).toFixed(1)}"`;
        return `<circle ${place} r="4.5" fill="${color}" stroke="#fff" stroke-width="1.5"/>`;
      }),
    ];
  });
}

const lineHeight = 15;

/** Names stand at the right, in the order of the last points, pushed apart, each joined to its point by a thin line. */
function names({ series, x }: Panel, toX: Scale, toY: Scale, bottom: number): string[] {
  const at = toX(x.to) + 14;
  const ends = series
    .flatMap(({ name, color, points }) => {
      const last = points.at(-1);
      return last ? [{ name, color, x: toX(last[0]), y: toY(last[1]), label: toY(last[1]) }] : [];
    })
    .sort((a, b) => a.y - b.y);
  for (const [index, end] of ends.entries()) {
    const above = ends[index - 1]?.label ?? Number.NEGATIVE_INFINITY;
    end.label = Math.max(end.y, above + lineHeight);
  }
  for (const [index, end] of [...ends.entries()].reverse()) {
    end.label = Math.min(end.label, ends[index + 1] ? (ends[index + 1]?.label ?? 0) - lineHeight : bottom);
  }
  return ends.flatMap(({ name, color, x: from, y, label }) => [
    `<path d="M${(from + 6).toFixed(1)} ${y.toFixed(1)}L${at - 3} ${label.toFixed(1)}" stroke="${color}" stroke-opacity=".35" fill="none"/>`,
    text(at, label + 4, name, `fill="${color}" font-weight="600"`),
  ]);
}

/** Panels side by side on a white card, which is readable on any page. */
export function drawChart(title: string, panels: readonly Panel[]): string {
  const width = box.width * panels.length;
  const drawn = panels.flatMap((panel, index) => {
    const left = index * box.width + box.left;
    const bottom = box.height - box.bottom;
    const toX = scale(panel.x, left, left + box.width - box.left - box.right);
    const toY = scale(panel.y, bottom, box.top);
    return [...axes(panel, toX, toY), ...marks(panel, toX, toY), ...names(panel, toX, toY, bottom)];
  });
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${box.height}" width="${width}" height="${box.height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="11">`;
  const card = `<rect x=".5" y=".5" width="${width - 1}" height="${box.height - 1}" rx="8" fill="#fff" stroke="#d1d5db"/>`;
  const caption = text(16, 26, title, `font-size="15" font-weight="700" fill="${ink}"`);
  return `${[head, `<title>${escaped(title)}</title>`, card, caption, ...drawn, '</svg>'].join('\n')}\n`;
}
