// Reports in a real browser: valid HTML, WCAG 2.2 AA, no sideways scroll, no request, no message, readable without script.
// usage: node check.mjs REPORT.html ... ; CHROMIUM names the browser, SHOTS a folder for screenshots.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { HtmlValidate, FileSystemConfigLoader } from 'html-validate';

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const reports = process.argv.slice(2);
if (reports.length === 0) throw new Error('usage: node check.mjs REPORT.html ...');
const faults = [];

const validator = new HtmlValidate(new FileSystemConfigLoader());
for (const report of reports) {
  const { results } = await validator.validateString(fs.readFileSync(report, 'utf8'), path.resolve(import.meta.dirname, 'report.html'));
  for (const { messages } of results) {
    for (const m of messages) faults.push(`${report}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const views = [320, 768, 1280].flatMap((width) => ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })));
for (const report of reports) {
  for (const { width, colorScheme } of views) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    const where = `${report} at ${width}px ${colorScheme}`;
    page.on('console', (m) => faults.push(`${where}: console: ${m.text()}`));
    page.on('pageerror', (e) => faults.push(`${where}: error: ${e.message}`));
    page.on('request', (r) => {
      if (!r.url().startsWith('file:')) faults.push(`${where}: asks for ${r.url()}`);
    });
    await page.goto(`file://${path.resolve(report)}`);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    if (wide > room) faults.push(`${where}: scrolls sideways (${wide} > ${room})`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    const overlaps = await page.evaluate(overlapping);
    for (const pair of overlaps) faults.push(`${where}: text overlaps in a figure: ${pair}`);
    await page.addScriptTag({ content: axe });
    const violations = await page.evaluate(async () => {
      const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return violations.map((v) => `${v.id}: ${v.nodes.length}, first ${v.nodes[0].html.slice(0, 160)}`);
    });
    for (const v of violations) faults.push(`${where}: axe ${v}`);
    if (process.env.SHOTS && colorScheme === 'light') {
      await page.screenshot({ path: path.join(process.env.SHOTS, `${path.basename(report, '.html')}-${width}.png`), fullPage: true });
    }
    await context.close();
  }
  if (process.env.SHOTS) {
    const page = await browser.newPage();
    await page.goto(`file://${path.resolve(report)}`);
    for (const format of ['A4', 'Letter']) {
      await page.pdf({ path: path.join(process.env.SHOTS, `${path.basename(report, '.html')}-${format}.pdf`), format, preferCSSPageSize: false, displayHeaderFooter: false });
    }
    await page.close();
  }
}
await browser.close();

function overlapping() {
  const found = [];
  for (const svg of document.querySelectorAll('svg')) {
    if (svg.getBoundingClientRect().width === 0) continue;
    const texts = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]).filter(([, b]) => b.width > 0);
    texts.forEach(([a, p], i) => {
      for (const [b, q] of texts.slice(i + 1)) {
        const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (across > 1 && down > 0.35 * Math.min(p.height, q.height)) found.push(`"${a}" and "${b}"`);
      }
    });
  }
  return found;
}

if (faults.length > 0) {
  console.error([...new Set(faults)].join('\n'));
  process.exit(1);
}
console.log(`${reports.length} report(s), ${views.length} views each: no fault`);
