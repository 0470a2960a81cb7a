"""The certificate and its silences: clause by clause, the readings taken, and where any figure comes from."""

from typing import Any

from ledger.errors import QuestionMustBeUnderstood
from ledger.figures import Figure
from ledger.moments import write_moment
from ledger.readings.registered import REGISTERED
from projections import answers
from projections.alternatives import alternatives_data
from projections.certificate import certificate, find, within
from projections.commands.explain import EXPLAINED, explained
from projections.concordance import Belonging, Cited, belonging, belonging_data
from projections.page.asking import Asking
from projections.page.paging import first_of
from projections.page.shown import Answer, Block, Branch, Cell, Field, Form, Pairs, Section, Table, Text, Tree, Words
from projections.report.certificate import term

_LATEST = 30
"""How many of the entries that rest on a clause its page shows."""


def clauses(asking: Asking) -> Answer:
    """Every clause of the certificate with how much of the ledger belongs to it."""

    def listed() -> list[dict[str, Any]]:
        told = [belonging(one, asking.question) for one in certificate().values()]
        clauses: list[dict[str, Any]] = belonging_data(told, summed=True)["clauses"]
        return clauses

    def data() -> dict[str, Any]:
        return answers.under("clauses", asking.question, asking.head, {"clauses": listed()})

    def sections() -> list[Section]:
        counted = asking.may_read_all
        told = [belonging(one, asking.question, entries=counted) for one in certificate().values()]
        rows: list[list[Text]] = [
            [Cell(one.clause.written, _to(asking, one)), one.clause.title, *map(str, _counts(one).values())]
            for one in told
        ]
        columns = {"Clause": "l", "Title": "l", **{name.capitalize(): "r" for name in _counts(told[0])}}
        said = Words(["In our words; the certificate itself is the law. Each clause leads to what belongs to it."])
        readings = Words([Cell("Readings where it is silent", asking.link("/readings"))])
        return [Section("", [said, readings, Table.of("The certificate, clause by clause", columns, rows, "")])]

    return Answer(data, listed, "The certificate", sections)


def _counts(one: Belonging) -> dict[str, int]:
    """How much belongs to a clause; of a large ledger the entries are not counted."""
    return {name: count for name, count in one.counts().items() if count is not None}


def _to(asking: Asking, one: Belonging) -> str:
    return asking.link(f"/certificate/{one.clause.id}")


def clause(asking: Asking, name: str) -> Answer:
    """A clause and its parts, each with its terms, readings and entries; ClauseMustBeKnown where there is none."""
    clauses = within(find(name).id)

    def listed() -> list[dict[str, Any]]:
        told = [belonging(one, asking.question) for one in clauses]
        parts: list[dict[str, Any]] = belonging_data(told, summed=False)["clauses"]
        return parts

    def data() -> dict[str, Any]:
        return answers.under("clause", asking.question, asking.head, {"clauses": listed()})

    def sections() -> list[Section]:
        told = [belonging(one, asking.question, entries=False) for one in clauses]
        return [_clause(asking, one, at) for at, one in enumerate(told)]

    return Answer(data, listed, f"{clauses[0].written} {clauses[0].title}", sections)


def _clause(asking: Asking, one: Belonging, place: int) -> Section:
    title = f"{one.clause.written} {one.clause.title}" if place else ""
    blocks: list[Block] = [Words([one.clause.summary])]
    if one.clause.unchecked:
        what = "A part of it" if one.code else "It"
        blocks.append(Words([f"{what} can be checked by no record: {one.clause.unchecked}"], "note"))
    terms = [
        (Cell(name, asking.explain("term", name)), term(name, row), str(row.in_force_from or ""), row.clause)
        for name, row in one.terms.items()
    ]
    readings = [(Cell(own.id, asking.explain("reading", own.id)), own.question, taken) for own, taken in one.readings]
    every = Cell("The log lists them all.", asking.link("/log", clause=one.clause.id))
    book, words = asking.question.book, {own.name for own in one.kinds}
    numbers = book.facts_of(words, asking.question.day) if words else []
    latest, more = first_of(numbers[::-1], "entries", every, _LATEST)
    entries = [
        (asking.entry(number), write_moment(own.effective), own.word)
        for number, own, _ in filter(None, map(book.standing, latest))
    ]
    written = one.clause.written
    whole = one.clause.id.rpartition("(")[0]
    if whole and not one.kinds and not place:
        blocks.append(Words(["No kind of entry cites it by itself: see ", asking.clause(f"§{whole}"), "."], "quiet"))
    tables = (
        _table(f"Terms of {written}", ("Term", "Value", "In force from", "Clause"), terms),
        _table(f"Readings of {written}", ("Reading", "Question", "Taken"), readings),
        _table(f"Entries that rest on {written}, the latest first", ("Entry", "Effective", "Event"), entries),
        _table(f"Code of {written}", ("Name", "Place", "What it does"), _pieces([*one.kinds, *one.code]), folded=True),
        _table(f"Tests of {written}", ("Name", "Place", "What it holds"), _pieces(one.tests), folded=True),
    )
    told: list[Block] = []
    for table in tables:
        told += [table] if table.rows else []
        told += more if table.rows is entries else []
    return Section(title, [*blocks, *told])


def _table(caption: str, headings: tuple[str, ...], rows: list[Any], *, folded: bool = False) -> Table:
    return Table.of(caption, dict.fromkeys(headings, "l"), rows, "", folded=folded)


def _pieces(pieces: list[Cited]) -> list[tuple[str, str, str]]:
    return [(one.name, f"{one.file}:{one.line}", one.says) for one in pieces]


def readings(asking: Asking) -> Answer:
    """The readings taken where the certificate is silent; each leads to what the others would give, in numbers."""
    chosen = asking.question.book.terms.readings
    rows = [
        {"reading": one.id, "clause": one.clause, "question": one.question, "taken": chosen.get(one.id, one.taken),
         "rejected": one.rejected, "moves": one.moves, "offered": list(one.offered), "detail": one.detail}
        for one in REGISTERED.values()
    ]  # fmt: skip

    def sections() -> list[Section]:
        listed: list[list[Text]] = [
            [
                Cell(one.id, asking.explain("reading", one.id)),
                asking.clause(one.clause.split(maxsplit=1)[0]),
                one.question,
                chosen.get(one.id, one.taken),
                one.rejected,
                one.moves,
            ]
            for one in REGISTERED.values()
        ]
        columns = dict.fromkeys(("Reading", "Clause", "Question", "Taken", "Rejected", "What it moves"), "l")
        return [Section("", [Table.of("Readings where the certificate is silent", columns, listed, "")])]

    def data() -> dict[str, Any]:
        told = alternatives_data(asking.question, list(REGISTERED.values()))
        return answers.under("readings", asking.question, asking.head, told)

    return Answer(data, lambda: rows, "Readings", sections)


def explanation(asking: Asking) -> Answer:
    """Where a figure comes from: its clause, its entries, its readings, and arithmetic that can be redone."""
    what, which = asking.given.get("what"), asking.given.get("which")
    if what is None:
        return _everything_explained(asking)
    if what == "entry":
        hint = "An entry has a page of its own: /entry/3."
        raise QuestionMustBeUnderstood(what="explain entry", why="It is shown and not explained", hint=hint)
    figure = explained(asking.question, what, which)
    tree = {"figure": figure.tree(asking.question.book.late)}
    data = answers.under("explain", asking.question, asking.head, tree)

    def sections() -> list[Section]:
        said = "[name] in the arithmetic is the figure of that name, listed below it, or beside or around it."
        return [
            Section("", [Tree(_branch(asking, figure)), Words([said], "quiet")]),
            Section("Explain another", [_form(asking)]),
        ]

    return Answer(
        lambda: data, lambda: _rows(figure), f"{figure.name[:1].upper()}{figure.name[1:]}: {figure.value}", sections
    )


def _branch(asking: Asking, figure: Figure) -> Branch:
    return Branch(
        figure.name,
        figure.value,
        asking.clauses(figure.clause),
        [*figure.told()],
        asking.entries(figure.entries),
        [Cell(name, asking.explain("reading", name)) for name in figure.readings],
        [_branch(asking, part) for part in figure.parts],
    )


def _rows(figure: Figure, path: str = "") -> list[dict[str, Any]]:
    here = f"{path} / {figure.name}" if path else figure.name
    told = {"figure": here, "value": figure.value, "exact": figure.exact, "arithmetic": figure.arithmetic}
    entries = " ".join(map(str, figure.entries))
    own = {**told, "working": figure.working, "clause": figure.clause, "entries": entries}
    return [own, *(row for part in figure.parts for row in _rows(part, here))]


def _everything_explained(asking: Asking) -> Answer:
    listed = [{"what": name, "which": one.which, "tells": one.tells} for name, one in EXPLAINED.items()]
    data = answers.under("explain", asking.question, asking.head, {"explained": listed})
    pairs: list[tuple[str, list[Text]]] = [
        (
            one["what"],
            [one["tells"], " ", Cell("show", asking.explain(one["what"])) if not one["which"] else one["which"]],
        )
        for one in listed
    ]
    return Answer(
        lambda: data, lambda: listed, "What can be explained", lambda: [Section("", [_form(asking), Pairs(pairs)])]
    )


def _form(asking: Asking) -> Form:
    names = [(name, f"{name} {one.which}".rstrip()) for name, one in EXPLAINED.items() if one.explain]
    fields = (
        Field("what", "What", asking.given.get("what", ""), choices=names, required=True),
        Field("which", "Which", asking.given.get("which", ""), "a holder, a certificate, a notice, a day, a number"),
    )
    return Form("/explain", "Explain", fields, hidden=asking.clocks, label="A figure to explain")
