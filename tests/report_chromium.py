#!/usr/bin/env python3
"""What a browser makes of a report: that it loads nothing, shows what `--json` says, and can be read by keys, in the
dark, on a narrow screen and on paper.

    apt-get install chromium
    python3 -m venv venv && venv/bin/pip install playwright
    venv/bin/python tests/report_chromium.py target/debug/capscope [FOLDER FOR SCREENSHOTS]

It draws the demo set (or takes the one in CAPSCOPE_DATA), writes a report of it and of a hostile data set, and exits
with 1 where anything is not as it should be.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
HOSTILE = [
    "<script>document.title = 'broken'</script> A dog.",
    "</bdi></p></li><img src=x onerror=\"document.title='broken'\"> A cat & a \"dog\" on a 'mat'.",
    "\u202egod nworb A\u202c and \u2066a cat\u2069 on a mat.\u0000\u001b[31m",
    "&lt;b&gt; A man &amp; a horse. " + "A very long sentence about nothing. " * 60,
    "\u05db\u05dc\u05d1 \u05d7\u05d5\u05dd \u05e2\u05dc \u05d4\u05d3\u05e9\u05d0",
]

faults = []


def check(holds, what):
    print(("ok    " if holds else "FAULT ") + what)
    if not holds:
        faults.append(what)


def report(program, home, data, page, *more):
    """Writes a page, and gives back what `--json` says of the same."""
    environment = {**os.environ, "XDG_CACHE_HOME": f"{home}/cache", "XDG_DATA_HOME": f"{home}/data"}
    command = [program, "report", str(data), "-o", str(page), "--force", "--quiet", "--json", *more]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    return json.loads(done.stdout)


def hostile_set(folder):
    lines = [
        json.dumps({"id": f"<i>{at}</i>", "caption": text, "image": f"<b>{at}.png"})
        for at, text in enumerate(HOSTILE * 4)
    ]
    path = Path(folder) / "hostile.jsonl"
    path.write_text("\n".join(lines))
    return path


class Reader:
    """A page with the network watched."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(offline=True, **options)
        self.page = self.context.new_page()
        self.requests, self.told = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.goto(path.as_uri())

    def outside(self):
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]


def figures(page):
    """Key figures by their names, exactly."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.tiles > div')].map(tile =>
            [tile.querySelector('dt').textContent, Number(tile.querySelector('data').value)]))"""
    )


def check_figures(page, told):
    shown, summary = figures(page), told["summary"]
    expected = {
        "Samples": summary["samples"],
        "Captions": summary["captions"],
        "Pictures": summary["pictures"],
        "Questions": summary["questions"],
        "Flagged": told["flags"]["flagged"] / max(summary["samples"], 1),
        "Coverage of objects": told["coverage"]["levels"][0]["coverage"]["sample_coverage"],
    }
    if told["vqa"]:
        expected["Questions entailed"] = told["vqa"]["all"]["coverage"]["entailed"]["own"]
    for name, value in expected.items():
        check(abs(shown.get(name, -1) - value) < 1e-9, f"{name}: the page shows {shown.get(name)}, JSON {value}")
    rows = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#flags > .scroll tbody tr')].map(row =>
            [row.cells[0].textContent, row.cells[2].textContent]))"""
    )
    for flag in told["flags"]["flags"]:
        check(rows.get(flag["flag"]) == f"{flag['samples']:,}", f"{flag['flag']}: {rows.get(flag['flag'])}")


def check_structure(page, pictures):
    headings = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    steps = [after - before for before, after in zip(headings, headings[1:])]
    check(headings.count(1) == 1 and headings[0] == 1 and max(steps) <= 1, f"{len(headings)} headings in order")
    for landmark in ("header", "nav", "main", "footer"):
        check(page.locator(f"body {landmark}").count() == 1, f"one {landmark}")
    check(page.evaluate("() => document.documentElement.lang") == "en", "a language")
    unnamed = page.evaluate("() => [...document.querySelectorAll('table')].filter(t => !t.caption || !t.querySelector('th[scope]')).length")
    check(unnamed == 0, "every table has a caption and heads with a scope")
    plots = page.evaluate(
        """() => [...document.querySelectorAll('svg')].map(svg => svg.getAttribute('aria-labelledby').split(' ')
            .every(id => document.getElementById(id)?.textContent) && !!svg.closest('figure').querySelector('table'))"""
    )
    check(all(plots) and plots, f"{len(plots)} plots with title, description and table")
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
    check(len(ids) == len(set(ids)), f"{len(ids)} anchors, each once")
    links = page.evaluate("() => [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    check(all(link.startswith("#") and link[1:] in ids for link in links), f"{len(links)} links lead somewhere here")
    widths = page.evaluate("async () => { const all = [...document.images]; await Promise.all(all.map(i => i.decode())); return all.map(i => i.naturalWidth) }")
    check(all(width > 0 for width in widths) and (len(widths) > 0) == pictures, f"{len(widths)} pictures decode")
    check(page.locator("img:not([alt])").count() == 0, "every picture has a name")
    check(page.locator("script").count() == 0, "no script")


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const ground = element => { for (; element; element = element.parentElement) {
      const colour = rgb(getComputedStyle(element).backgroundColor); if (colour[3] === 255) return colour; }
    return [255, 255, 255, 255]; };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    if (!node.textContent.trim() || !node.parentElement.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(node.parentElement).color)), light(ground(node.parentElement))].sort();
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push([node.textContent.slice(0, 30), ratio]);
  }
  return poor;
}"""


def check_contrast(page, where):
    poor = page.evaluate(CONTRAST)
    check(not poor, f"{where}: every text has a contrast of 4.5 ({poor[:3]})")


def check_keys(page):
    page.keyboard.press("Tab")
    first = page.evaluate("() => document.activeElement.className")
    check(first == "skip", "the first stop skips to the report")
    box = page.locator(".skip").bounding_box()
    check(box and box["x"] >= 0, "and it is seen then")
    page.keyboard.press("Enter")
    check(page.evaluate("() => document.activeElement.id") == "main", "it leads to the report")
    page.evaluate("() => document.activeElement.blur()")
    page.locator(".skip").focus()
    stops, last = [], None
    for _ in range(2_000):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "() => { const e = document.activeElement; return e === document.body ? null : [e.tagName, getComputedStyle(e).outlineStyle, e.getBoundingClientRect().top + scrollY] }"
        )
        if stop is None or stop[0] == "A" and last and last[0] != "A":
            break
        stops.append(stop)
        last = stop
    check(len(stops) > 20 and all(stop[1] != "none" for stop in stops), f"{len(stops)} stops, each with a frame")
    check(any(stop[0] == "SUMMARY" for stop in stops), "folds can be reached")
    fold = page.locator("summary").first
    fold.focus()
    page.keyboard.press("Enter")
    check(page.evaluate("() => document.querySelector('details').open"), "and opened by a key")


def check_width(page, where):
    over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    check(over <= 0, f"{where}: nothing sticks out ({over})")


def main():
    program = str(Path(sys.argv[1]).resolve())
    shots = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        data = os.environ.get("CAPSCOPE_DATA")
        if not data:
            environment = {**os.environ, "XDG_DATA_HOME": f"{home}/data"}
            drawn = subprocess.run([program, "demo", "--no-open", "--scenes", "80"], env=environment, capture_output=True, check=True)
            data = drawn.stdout.decode().strip()
        page_path, hostile_path = Path(home) / "report.html", Path(home) / "hostile.html"
        told = report(program, home, data, page_path, "--fail-if", "flagged>5%", *sys.argv[3:])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        print(f"Chromium {browser.version}")
        for scheme in ("light", "dark"):
            reader = Reader(browser, page_path, color_scheme=scheme, viewport={"width": 1280, "height": 900})
            check(not reader.outside() and not reader.told, f"{scheme}: nothing was asked for ({reader.outside()}, {reader.told})")
            check_contrast(reader.page, scheme)
            check_width(reader.page, scheme)
            reader.page.screenshot(path=shots / f"{scheme}.png", full_page=True)
            if scheme == "light":
                check_structure(reader.page, told["summary"]["pictures"] > 0)
                check_figures(reader.page, told)
                check_keys(reader.page)
            reader.context.close()
        for width in (320, 400, 768):
            reader = Reader(browser, page_path, viewport={"width": width, "height": 800})
            check_width(reader.page, f"{width} pixels")
            reader.page.screenshot(path=shots / f"narrow-{width}.png", full_page=True)
            reader.context.close()
        reader = Reader(browser, page_path, viewport={"width": 1280, "height": 900})
        reader.page.pdf(path=shots / "print.pdf", format="A4", print_background=True, prefer_css_page_size=True)
        pages = (shots / "print.pdf").read_bytes().count(b"/Type /Page\n") or (shots / "print.pdf").read_bytes().count(b"/Type /Page")
        check(2 <= pages <= 60, f"{pages} pages of paper")
        reader.context.close()
        told = report(program, home, hostile_set(home), hostile_path)
        reader = Reader(browser, hostile_path, viewport={"width": 1280, "height": 900})
        check(reader.page.title() == "hostile.jsonl – capscope report" or "broken" not in reader.page.title(), f"a hostile caption changes nothing: {reader.page.title()}")
        check(not reader.outside() and not reader.told, f"and asks for nothing ({reader.outside()}, {reader.told})")
        check_structure(reader.page, False)
        text = reader.page.locator("main").inner_text()
        check("<script>document.title" in text and "onerror=" in text, "and is read as it stands")
        check("\u202e" not in reader.page.content(), "marks that turn a line around are signs")
        reader.page.screenshot(path=shots / "hostile.png", full_page=True)
        browser.close()
    print(f"{len(faults)} faults; screenshots in {shots}")
    sys.exit(1 if faults else 0)


main()
