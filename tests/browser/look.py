"""Opens each page in Chromium, at the width of a phone, a tablet and a desktop, light, dark and in print, and checks
that it fits, that its drawings have a size and a text alternative, that it is readable, that nothing is fetched and
that nothing is logged as an error. First checks that a page with every fault is detected.

Controls the browser by its own protocol over a pipe, so that only Python's library is needed. Every wait is for an
event; the one time limit is for a browser that never answers."""

import base64
import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

# Limit for a single answer, on a slow machine.
PATIENCE = 120

WIDTHS = {"phone": 390, "tablet": 820, "desk": 1280}

# Script that inspects a page; the pages themselves have no scripts.
LOOK = """(() => {
  const light = (css) => { const [r, g, b] = css.match(/[0-9.]+/g).map(Number); return (0.2126*r + 0.7152*g + 0.0722*b) / 255; };
  const body = getComputedStyle(document.body);
  return {
    wide: document.scrollingElement.scrollWidth - innerWidth,
    drawings: [...document.querySelectorAll('svg')].map((svg) => {
      const box = svg.getBoundingClientRect();
      return { width: box.width, height: box.height, words: (svg.getAttribute('aria-label') || '').length,
               beside: svg.closest('figure')?.querySelector('figcaption')?.innerText.length || 0 };
    }),
    ground: light(body.backgroundColor), ink: light(body.color),
    words: document.body.innerText.length, heading: document.querySelectorAll('h1').length,
    letters: Math.min(...[...document.querySelectorAll('p, td, th, li, dd')].map((e) => parseFloat(getComputedStyle(e).fontSize)), 99),
    scripts: document.scripts.length,
  };
})()"""


class Browser:
    def __init__(self, program: str, profile: str) -> None:
        (ours_out, theirs_in), (theirs_out, ours_in) = os.pipe(), os.pipe()
        # The protocol uses file descriptors 3 and 4.
        def place() -> None:
            theirs = os.dup(ours_out), os.dup(ours_in)
            os.dup2(theirs[0], 3)
            os.dup2(theirs[1], 4)
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--no-first-run", "--disable-extensions", "--disable-background-networking", f"--user-data-dir={profile}",
                     "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen([program, *arguments], preexec_fn=place, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(ours_out)
        os.close(ours_in)
        self.into, self.out, self.rest, self.last, self.events = theirs_in, theirs_out, b"", 0, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    session: str | None = None

    def ask(self, method: str, **what: object) -> dict:
        self.last += 1
        number = self.last
        message = {"id": number, "method": method, "params": what} | ({"sessionId": self.session} if self.session else {})
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.into, data):]
        answer = self.until(lambda message: message.get("id") == number)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def until(self, wanted) -> dict:
        for message in self.messages():
            if wanted(message):
                return message
            if "method" in message:
                self.events.append(message)
        raise AssertionError("the browser ended")

    def messages(self):
        end = time.monotonic() + PATIENCE
        while True:
            while b"\0" in self.rest:
                message, self.rest = self.rest.split(b"\0", 1)
                yield json.loads(message)
            ready, _, _ = select.select([self.out], [], [], max(0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            data = os.read(self.out, 1 << 16)
            if not data:
                return
            self.rest += data

    def open(self, url: str, width: int, media: str, scheme: str) -> None:
        self.events.clear()
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Page.navigate", url=url)
        if not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.until(lambda message: message.get("method") == "Page.loadEventFired"))

    def look(self) -> dict:
        return self.ask("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"]["value"]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def faults(browser: Browser, url: str, width: int, media: str, scheme: str) -> list[str]:
    browser.open(url, width, media, scheme)
    seen = browser.look()
    found = []
    if seen["wide"] > 0:
        found.append(f"it is {seen['wide']} px wider than the screen")
    for drawing in seen["drawings"]:
        if drawing["width"] < 200 or drawing["height"] < 60:
            found.append(f"a drawing is {drawing['width']:.0f} by {drawing['height']:.0f} px")
        if drawing["words"] < 20 or drawing["beside"] < 20:
            found.append("a drawing has no words")
    if abs(seen["ground"] - seen["ink"]) < 0.6:
        found.append("the letters are hardly lighter or darker than the page")
    if media == "screen" and (seen["ground"] < 0.5) != (scheme == "dark"):
        found.append(f"it is not {scheme}")
    if seen["words"] < 100 or seen["heading"] == 0:
        found.append("there is hardly anything on it")
    if seen["letters"] < 12:
        found.append(f"letters of {seen['letters']} px")
    if seen["scripts"]:
        found.append("it has a script")
    for event in browser.events:
        method, what = event["method"], event["params"]
        if method == "Network.requestWillBeSent" and what["request"]["url"] != url:
            found.append(f"it fetches {what['request']['url']}")
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            found.append(f"the browser complains: {json.dumps(what)[:200]}")
    return found


def printed(browser: Browser, picture: Path) -> int:
    """Prints the page and counts the sheets."""
    pdf = base64.b64decode(browser.ask("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)["data"])
    picture.write_bytes(pdf)
    assert pdf.startswith(b"%PDF"), "what was printed is no PDF"
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def control(browser: Browser, folder: Path) -> None:
    """Checks that a page with every fault is detected."""
    bad = folder / "bad.html"
    bad.write_text(
        "<!DOCTYPE html><html><body style='color:#777;background:#888'><p style='width:3000px;font-size:7px'>x</p>"
        "<figure><svg width='5' height='5'></svg></figure><img src='missing.png'><script>missing()</script></body></html>",
        encoding="utf-8",
    )
    found = "\n".join(faults(browser, bad.as_uri(), WIDTHS["phone"], "screen", "dark"))
    bad.unlink()
    for wanted in ("wider than the screen", "a drawing is 5 by 5", "has no words", "hardly lighter", "it is not dark",
                   "hardly anything", "letters of 7", "has a script", "fetches", "complains"):
        assert wanted in found, f"a bad page is not found out: {wanted}\n{found}"


def main() -> None:
    program, profile, pictures, *pages = sys.argv[1:]
    pictures = str(Path(pictures).resolve())
    browser = Browser(program, profile)
    found, sheets = [], {}
    try:
        control(browser, Path(pictures))
        for page in (Path(page).resolve() for page in pages):
            name = page.stem
            for place, width in WIDTHS.items():
                for scheme in ("light", "dark"):
                    found += [f"{name} at {place}, {scheme}: {fault}"
                              for fault in faults(browser, page.as_uri(), width, "screen", scheme)]
                    whole = browser.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
                    (Path(pictures) / f"{name}-{place}-{scheme}.png").write_bytes(base64.b64decode(whole["data"]))
            # An A4 sheet without its margins.
            found += [f"{name} in print: {fault}" for fault in faults(browser, page.as_uri(), 718, "print", "light")]
            browser.ask("Emulation.setEmulatedMedia", media="")
            sheets[name] = printed(browser, Path(pictures) / f"{name}.pdf")
            if not 1 <= sheets[name] <= 12:
                found.append(f"{name} is printed on {sheets[name]} sheets")
    finally:
        browser.close()
    if found:
        sys.exit("\n".join(found))
    looks = len(pages) * len(WIDTHS) * 2
    print(f"{len(pages)} pages looked at {looks} times, printed on {sum(sheets.values())} sheets; pictures in {pictures}")


main()
