"""Reads mails as an independent mail program does, and says what is wrong with them.

Standard input holds, for each mail, a line of JSON (`length`; `hidden`: words that must stand nowhere; `shown`: words that
must stand in both alternatives) and then so many bytes. Prints one line of JSON: how many mails and threads there were, the
longest line, and the first faults. Needs nothing but Python.
"""

import email
import email.policy
import html.parser
import json
import re
import sys

# A folded Message-ID or address may be longer than a line should be; nothing else may.
LONG = re.compile(rb"^ ?(Message-ID|In-Reply-To|References|From|To|Thread-Index)?:? ?<?[^ ]+$")
POLICY = email.policy.strict.clone(raise_on_defect=True)
HEADERS = {
    "date", "from", "to", "subject", "message-id", "auto-submitted", "x-auto-response-suppress", "mime-version",
    "content-type",
}
THREAD = {"in-reply-to", "references", "thread-topic", "thread-index"}
URGENT = {"importance", "x-priority"}
TAGS = set("html head meta title style body div p table tr td b br span a".split())
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href"}


class Page(html.parser.HTMLParser):
    """The words that a page shows, and whatever in it could fetch or act."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.faults, self.hidden = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.faults.append(f"tag {tag}")
        if tag in ("title", "style"):
            self.hidden += 1
        for name, value in attributes:
            if name not in ATTRIBUTES or re.search(r"url\(|//|@import|expression", value or ""):
                self.faults.append(f"attribute {name}={value}")
            if name == "href" and not re.fullmatch(r"tel:\+[0-9]{3,15}", value):
                self.faults.append(f"link {value}")

    def handle_endtag(self, tag):
        if tag in ("title", "style"):
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def words(text):
    return set(re.findall(r"\w+", text))


def base_subject(subject):
    """RFC 5256, 2.1: without what stands in brackets in front."""
    return re.sub(r"^(\[[^\[\]]*\]\s*)+", "", subject)


def faults(raw, about, threads):
    if not raw.isascii() or b"\r" in raw or b"\0" in raw:
        yield "not plain ASCII with LF"
    head, rest = raw.split(b"\n\n", 1)
    for line in head.split(b"\n"):
        if len(line) > 998 or (len(line) > 78 and not LONG.match(line)):
            yield f"long line in the header: {line[:80]}"
    for line in rest.split(b"\n"):
        if len(line) > 76:
            yield f"long line: {line[:80]}"
        if line.startswith((b".", b"From ")):
            yield f"a line that mailers change: {line[:80]}"
    mail = email.message_from_bytes(raw, policy=POLICY)
    names = [name.lower() for name in mail.keys()]
    if len(names) != len(set(names)):
        yield "a header twice"
    if mail.defects:
        yield f"defects: {mail.defects}"
    for name, value in mail.items():
        if value.defects:
            yield f"defects in {name}: {value.defects}"
    for name in ("from", "to"):
        if len(mail[name].addresses) != 1:
            yield f"not one address in {name}"
    if mail["date"].datetime.tzinfo is None:
        yield "a date without a zone"
    if mail["auto-submitted"] != "auto-generated":
        yield "not marked as automatic"
    identifier = mail["message-id"].strip()
    one = re.fullmatch(r"<callback-(\d+)\.\d+\.[A-Za-z0-9.-]+@([^<>@ ]+)>", identifier)
    if set(names) - URGENT != (HEADERS | THREAD if one else HEADERS):
        yield f"headers {names}"
    if one:
        root = f"<callback-{one[1]}@{one[2]}>"
        if mail["references"].strip() != root or mail["in-reply-to"].strip() != root:
            yield "no thread"
        thread = (base_subject(mail["subject"]), mail["thread-index"], mail["thread-topic"])
        key = (about["office"], root)
        if threads.setdefault(key, thread) != thread:
            yield f"another thread: {thread}, {threads[key]}"
    elif not re.fullmatch(r"<(digest|alarm)-\d+\.[A-Za-z0-9.-]+@[^<>@ ]+>", identifier):
        yield f"Message-ID {identifier}"
    parts = list(mail.iter_parts())
    if mail.get_content_type() != "multipart/alternative" or [p.get_content_type() for p in parts] != ["text/plain", "text/html"]:
        yield "not text, then HTML"
        return
    if any(part.defects for part in parts):
        yield "defects in a part"
    text, source = (part.get_content() for part in parts)
    page = Page()
    page.feed(source)
    page.close()
    yield from page.faults
    shown = " ".join(page.words)
    subject = mail["subject"]
    if words(shown) - words(text) - words(subject):
        yield f"only in HTML: {sorted(words(shown) - words(text) - words(subject))[:9]}"
    if words(text) - words(shown):
        yield f"only in text: {sorted(words(text) - words(shown))[:9]}"
    if any(len(line) == 0 for line in text.split("\n")[: 3 if text.count("\n") > 2 else 0]):
        yield "an empty line among the first three"
    everything = "\n".join([raw.decode(), text, source, shown] + [str(value) for value in mail.values()])
    for word in about["hidden"]:
        if word in everything:
            yield f"says {word}"
    for word in about["shown"]:
        if word not in text or word not in shown:
            yield f"does not say {word}"


def main():
    stream, threads, found, count, longest = sys.stdin.buffer, {}, [], 0, 0
    while line := stream.readline():
        about = json.loads(line)
        raw = stream.read(about["length"])
        count += 1
        longest = max(longest, max(map(len, raw.split(b"\n"))))
        try:
            found += [f"mail {count}: {fault}" for fault in faults(raw, about, threads)]
        except Exception as error:  # whatever the parser raises is a fault of the mail
            found.append(f"mail {count}: {type(error).__name__}: {error}")
    print(json.dumps({"mails": count, "threads": len(threads), "longest": longest, "faults": len(found), "first": found[:20]}))


main()
