"""Check an auditor's bundle: its files, its hash links, and its figures computed a second time from its journal alone.

    python3 verify.py                                   in the unpacked folder
    python3 verify.py audit.zip                         on the bundle as it came
    python3 verify.py audit.zip "119 9f2c...64 digits"  with a head that was written down at any time before

It needs Python 3.8 or later and nothing else, and shares no line with the program that made the bundle:
`second_reading.py`, beside it, reads the certificate anew. One line is printed for a check. The exit status is 0 where
everything fits; otherwise it is 4, and a line that begins with FAIL names the first entry or figure that does not fit,
what is stored there and what is computed.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import json
import sys
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

NAMES = "certificates dividends findings holders obligations pending_notices rate_history redemptions series"
ANSWERS = [f"answers/{name}.csv" for name in NAMES.split()]
OTHERS = "README.txt calendar.csv entries.jsonl head.json journal.jsonl readings.json second_reading.py terms.json"
SUMMED = sorted([*ANSWERS, *OTHERS.split(), "terms.toml", "verify.py"])
SUMS, STREAM, TERMS, FORM = "SHA256SUMS", "ledger", "TermsAdopted", "captable/bundle/1"


class DoesNotFit(Exception):
    """Something stored is not what it has to be."""


def expect(what: str, stored: object, computed: object) -> None:
    """Both must be equal; DoesNotFit names them otherwise."""
    if stored != computed:
        told = [
            text if len(text) < 100 else f"{text[:80]}... ({len(text)} long)" for text in (str(stored), str(computed))
        ]
        raise DoesNotFit(f"{what}: stored is {told[0]}, computed is {told[1]}")


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parse(text: str) -> Any:
    """JSON, in which no float has a place."""

    def refuse(found: str) -> NoReturn:
        raise DoesNotFit(f"{found} is a float")

    return json.loads(text, parse_float=refuse, parse_constant=refuse)


def plain(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") else cell


def rounded(value: Fraction, places: int) -> Fraction:
    """A value rounded half up."""
    return Fraction((value * 10**places + Fraction(1, 2)) // 1, 10**places)


class Bundle:
    """The files of a bundle, and what they say."""

    def __init__(self, place: Path) -> None:
        """Read every file, from a zip or from a folder."""
        self.names, self.files = [*SUMMED, SUMS], {}
        if place.is_dir():
            self.files = {name: (place / name).read_bytes() for name in self.names if (place / name).is_file()}
            self.found = sorted(self.files)
        else:
            with zipfile.ZipFile(place) as archive:
                self.found = sorted(archive.namelist())
                self.files = {name: archive.read(name) for name in self.found}
        beside = Path(__file__).parent  # whoever trusts this program trusts the one beside it, before the bundle's
        sys.path.insert(0, str(beside if (beside / "second_reading.py").is_file() else place))
        self.law: Any = importlib.import_module("second_reading")

    def lines(self, name: str) -> list[str]:
        """The lines of a file; the last one ends too."""
        *lines, rest = self.files[name].decode("utf-8").split("\n")
        expect(f"what follows the last line of {name}", rest, "")
        return lines

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table, by column."""
        text = io.StringIO(self.files[name].decode("utf-8"), newline="")
        heading, *rows = [[plain(cell) for cell in row] for row in csv.reader(text, strict=True)]
        for place, row in enumerate(rows, 2):
            expect(f"cells in row {place} of {name}", len(row), len(heading))
        return [dict(zip(heading, row)) for row in rows]  # noqa: B905 - Python 3.8

    @cached_property
    def head(self) -> dict[str, Any]:
        """The last entry and its link; the day asked about, and the moment it is known at."""
        return dict(parse(self.files["head.json"].decode("utf-8")))

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """Every stored entry, with what it says beside the text as it is stored."""
        entries = [parse(line) for line in self.lines("entries.jsonl")]
        return [{**entry, **parse(entry["text"])} for entry in entries]

    @cached_property
    def series(self) -> dict[str, dict[str, str]]:
        """The figures of the series, by name."""
        return {row["figure"]: row for row in self.table("answers/series.csv")}

    @cached_property
    def as_of(self) -> date:
        """The day asked about."""
        return date.fromisoformat(self.head["as_of"])

    @cached_property
    def calendar(self) -> dict[date, str]:
        """§5(f)(i) - Every day of the calendar used, and whether banks are open."""
        rows = self.table("calendar.csv")
        return {date.fromisoformat(row["day"]): row["banks"] for row in rows}

    @cached_property
    def journal(self) -> dict[int, dict[str, Any]]:
        """The lines of the journal by the numbers of their entries; the first is entry 2."""
        return dict(enumerate(map(parse, self.lines("journal.jsonl")), 2))

    @cached_property
    def books(self) -> Any:
        """§1 to §8 - The second reading: the journal alone, under the terms, by the calendar, to the end of the day."""
        terms = parse(self.files["terms.json"].decode("utf-8"))
        opened = {day: banks == "open" for day, banks in self.calendar.items()}
        return self.law.Books(self.journal, terms, opened, self.as_of)

    def figure(self, name: str, computed: Fraction) -> str:
        """Compare one figure of the series."""
        row, exact = self.series[name], str(computed) if len(str(computed)) < 60 else f"{str(computed)[:60]}..."
        expect(name, self.law.number(row["exact"]), computed)
        return f"{row['rounded']} {row['unit']}, exactly {exact}"


def check_files(bundle: Bundle) -> str:
    """Every file is there, once, and is the one that was summed."""
    expect("the files", bundle.found, sorted(bundle.names))
    computed = [f"{sha256(bundle.files[name])}  {name}" for name in SUMMED]
    for stored, line in zip(bundle.lines(SUMS), computed):  # noqa: B905 - Python 3.8
        expect(f"the sum of {line[66:]}", stored, line)
    expect(f"the lines of {SUMS}", len(bundle.lines(SUMS)), len(computed))
    return f"{len(computed)} files are as they were summed"


def check_entries(bundle: Bundle) -> str:
    """Numbers without a gap, instants that increase, and nothing recorded after the moment it was known at."""
    before = None
    known_at = bundle.law.instant(bundle.head["known_at"]) if bundle.head["known_at"] else None
    for number, (entry, line) in enumerate(zip(bundle.entries, bundle.lines("entries.jsonl")), 1):  # noqa: B905 - as above
        expect(f"the number of entry {number}", entry["number"], number)
        expect(f"when entry {number} was recorded", parse(line)["recorded"], parse(entry["text"])["recorded"])
        recorded = bundle.law.instant(entry["recorded"])
        if before is not None and recorded <= before:
            raise DoesNotFit(f"entry {number} was recorded {recorded}, not after entry {number - 1}, {before}")
        if known_at is not None and number > 1 and recorded > known_at:
            raise DoesNotFit(f"entry {number} was recorded {recorded}, after {known_at}, at which all is known here")
        before = recorded
    expect("the word of entry 1", bundle.entries[0]["word"], TERMS)
    return f"{len(bundle.entries)}, numbered and recorded one after the other"


def check_links(bundle: Bundle) -> str:
    """Every link is the SHA-256 of the one before with the entry's stream, number, word and stored text."""
    before = ""
    for number, entry in enumerate(bundle.entries, 1):
        linked = f"{before}\n{STREAM}\n{number}\n{entry['word']}\n{entry['text']}"
        before = sha256(linked.encode("utf-8"))
        expect(f"the link of entry {number}", entry["sha256"], before)
    return f"{len(bundle.entries)}, each computed again from the one before"


def check_head(bundle: Bundle) -> str:
    """The head is the last entry with its link; the tables answer for the same day and moment."""
    last = bundle.entries[-1]
    expect("the head's entry", bundle.head["entry"], last["number"])
    expect("the head's link", bundle.head["sha256"], last["sha256"])
    expect("the form of the bundle", bundle.head["schema"], FORM)
    expect("the day of the answers", bundle.series["as_of"]["exact"], bundle.head["as_of"])
    expect("the moment of the answers", bundle.series["known_at"]["exact"], bundle.head["known_at"] or "")
    return f"{last['number']} {last['sha256']}"


def check_journal(bundle: Bundle) -> str:
    """The journal says what the entries say, line by line."""
    lines = bundle.lines("journal.jsonl")
    for stored, entry in zip(lines, bundle.entries[1:]):  # noqa: B905 - Python 3.8
        computed = json.dumps({"event": entry["word"], **entry["says"]}, ensure_ascii=False)
        expect(f"the journal's line for entry {entry['number']}", stored, computed)
    expect("the lines of the journal", len(lines), len(bundle.entries) - 1)
    return f"{len(lines)} lines say what entries 2 to {len(bundle.entries)} say"


def check_terms(bundle: Bundle) -> str:
    """The terms are entry 1, and the readings those that were chosen with them."""
    terms, readings = (parse(bundle.files[name].decode("utf-8")) for name in ("terms.json", "readings.json"))
    for name in sorted({*terms, *bundle.entries[0]["says"]}):
        expect(f"the terms' {name}", terms.get(name), bundle.entries[0]["says"].get(name))
    for reading in readings:
        expect(f"the reading {reading['id']}", reading["taken"], terms["readings"].get(reading["id"], reading["taken"]))
    expect("the readings offered", sorted(one["id"] for one in readings if one["offered"]), sorted(terms["readings"]))
    return f"entry 1, with {len(readings)} readings"


def check_calendar(bundle: Bundle) -> str:
    """§5(f)(i) - Banks are closed on weekends, Federal Reserve holidays and declared closures, and on no other day."""
    stands = bundle.law.standing(bundle.journal).values()
    declared = {line["closed_on"] for line in stands if line["event"] == "BankClosureDeclared"}
    days = sorted(bundle.calendar)
    expect("the days of the calendar", [row["day"] for row in bundle.table("calendar.csv")], list(map(str, days)))
    for place, day in enumerate(days):
        expect(f"the day {place} days after {days[0]}", day, days[0] + timedelta(place))
        closed = day.weekday() > 4 or day in bundle.law.holidays(day.year) or str(day) in declared
        expect(f"the banks on {day}", bundle.calendar[day], "closed" if closed else "open")
    return f"{len(days)} days, {days[0]} to {days[-1]}"


def check_outstanding(bundle: Bundle) -> str:
    """§1 §7 - Shares issued, and what became of them."""
    books = bundle.books
    outstanding = sum((one.shares for one in books.live().values()), Fraction(0))
    for name in ("issued", "converted", "redeemed", "reacquired"):
        bundle.figure(f"preferred.{name}", getattr(books, name))
    expect(
        "shares issued less those gone", books.issued - books.converted - books.redeemed - books.reacquired, outstanding
    )
    return bundle.figure("preferred.outstanding", outstanding)


def check_dividends(bundle: Bundle) -> str:
    """§2 - Dollars accrued and unpaid on what is outstanding; what fell due on conversions."""
    books = bundle.books
    bundle.figure("dividends.due_on_conversion", books.due_on_conversion())
    accrued = sum((books.unpaid(one, bundle.as_of) for one in books.live().values()), Fraction(0))
    return bundle.figure("dividends.accrued_unpaid", accrued)


def check_rate(bundle: Bundle) -> str:
    """§5(b) §5(c) §5(e) - Common Stock for one share, every adjustment on the way, and the Common outstanding."""
    history, number = bundle.table("answers/rate_history.csv"), bundle.law.number
    for row, (at, rate) in zip(history, bundle.books.history):  # noqa: B905 - Python 3.8
        expect("the entry of an adjustment", row["entry"], str(at))
        expect(f"the rate from entry {at}", number(row["rate_exact"]), rate)
    expect("the number of adjustments", len(history), len(bundle.books.history))
    bundle.figure("common.outstanding", bundle.books.common)
    return bundle.figure("conversion_rate", bundle.books.rate)


def check_register(bundle: Bundle) -> str:
    """§1 §2 - Every certificate, and every holder: shares, and dollars accrued and unpaid."""
    number, computed = bundle.law.number, {}
    holders: dict[str, tuple[Fraction, Fraction]] = {}
    for name, one in bundle.books.live().items():
        unpaid = bundle.books.unpaid(one, bundle.as_of)
        computed[name] = (one.holder, one.shares, str(one.since), one.paid, unpaid)
        before = holders.get(one.holder, (Fraction(0), Fraction(0)))
        holders[one.holder] = (before[0] + one.shares, before[1] + unpaid)
    rows = bundle.table("answers/certificates.csv")
    expect("the certificates", [row["certificate"] for row in rows], sorted(computed))
    for row in rows:
        money = number(row["paid_exact"]), number(row["accrued_unpaid_exact"])
        stored = (row["holder"], number(row["shares"]), row["accrues_from"], *money)
        for what, said, found in zip(COLUMNS, stored, computed[row["certificate"]]):  # noqa: B905 - Python 3.8
            expect(f"certificate {row['certificate']}, {what}", said, found)
    rows = bundle.table("answers/holders.csv")
    expect("the holders", [row["holder"] for row in rows], sorted(holders))
    for row in rows:
        expect(f"{row['holder']}, shares", number(row["shares"]), holders[row["holder"]][0])
        expect(f"{row['holder']}, accrued", number(row["accrued_dividends_exact"]), holders[row["holder"]][1])
    return f"{len(computed)} certificates of {len(holders)} holders"


COLUMNS = ("holder", "shares", "accrues from", "paid", "accrued and unpaid")


def check_rounding(bundle: Bundle) -> str:
    """What is rounded is rounded once, half up: dollars to the cent, a rate and shares to six decimals."""
    count = 0
    for name in ANSWERS:
        for place, row in enumerate(bundle.table(name), 2):
            pairs = [(column[: -len("_exact")], column) for column in row if column.endswith("_exact")]
            for figure, column in [*pairs, *([("", "exact")] if row.get("rounded") else [])]:
                places = 6 if figure == "rate" or row.get("unit", "dollars") != "dollars" else 2
                stored = row[f"{figure}_rounded" if figure else "rounded"]
                if stored or row[column]:
                    exact = rounded(bundle.law.number(row[column]), places)
                    expect(f"{name}, row {place}, {figure} rounded", bundle.law.number(stored), exact)
                    count += 1
    return f"{count} figures"


def check_written(bundle: Bundle, head: str) -> str:
    """A head that was written down before stands for a beginning of these entries."""
    number, link = head.split()
    if int(number) > len(bundle.entries):
        raise DoesNotFit(f"entry {number} is not here: there are {len(bundle.entries)}")
    expect(f"the link of entry {number}", bundle.entries[int(number) - 1]["sha256"], link)
    return f"the first {number} entries are as they were then"


CHECKS = {
    "files": check_files, "entries": check_entries, "links": check_links, "head": check_head, "journal": check_journal,
    "terms": check_terms, "calendar": check_calendar, "outstanding shares": check_outstanding,
    "accrued dividends": check_dividends, "conversion rate": check_rate, "register": check_register,
    "rounding": check_rounding,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Check a bundle and say what fits; 0 where everything does, 4 where anything does not."""
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)  # an exact rate may have thousands of digits
    csv.field_size_limit(2**31 - 1)
    sys.dont_write_bytecode = True
    checks, fits = dict(CHECKS), True
    if len(arguments) > 1:
        checks["head written down"] = lambda bundle: check_written(bundle, arguments[1])
    try:
        bundle = Bundle(Path(arguments[0]) if arguments else Path(__file__).parent)
    except Exception as error:
        print(f"FAIL  the bundle cannot be read: {type(error).__name__}: {error}")
        return 4
    for name, check in checks.items():
        try:
            print(f"ok    {name}: {check(bundle)}")
        except DoesNotFit as error:
            fits = False
            print(f"FAIL  {name}: {error}")
        except Exception as error:  # a forged file may be anything
            fits = False
            print(f"FAIL  {name}: it cannot be read: {type(error).__name__}: {error}")
    print("Everything fits." if fits else "Something does not fit: see FAIL above.")
    return 0 if fits else 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
