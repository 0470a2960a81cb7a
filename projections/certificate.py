"""The certificate in our own words, clause by clause: what a clause is asked for by, and what cites it."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

from ledger.errors import ClauseMustBeKnown

_NUMBERED = re.compile(r"§(\d+(?:\([a-z]+\))*)", re.ASCII)
_RANGE = re.compile(r"§\S+ to §\S+")  # `§1 to §7` is about the whole, and cites no clause of it
_UNNUMBERED = re.compile(r"(?:§\S+ )*(recital|signature)(?:s| [a-c])?", re.IGNORECASE)
_CITATIONS = re.compile(r"(?:(?:§\S+|to|recitals?|[A-C]|signature) )+- ")
_ASKED = re.compile(r"§?\s*[0-9]+(?:[\s.(]*[a-z]\)?)*")


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of the certificate in our own words, and why no record can check it, or a part of it."""

    id: str
    title: str
    summary: str
    unchecked: str = ""

    @property
    def written(self) -> str:
        """The clause as it is cited, with the sign of a section where it has a number."""
        return f"§{self.id}" if self.id[0].isdigit() else self.id

    def data(self) -> dict[str, str | None]:
        """The clause as JSON data."""
        said = {"clause": self.written, "title": self.title, "summary": self.summary}
        return {**said, "unchecked": self.unchecked or None}


@cache
def certificate() -> dict[str, Clause]:
    """Every clause of the certificate by its id, in the certificate's order."""
    text = (resources.files("projections") / "certificate.toml").read_text(encoding="utf-8")
    told = {
        name: {key: " ".join(said.split()) for key, said in one.items()} for name, one in tomllib.loads(text).items()
    }
    return {name: Clause(id=name, **one) for name, one in told.items()}


def within(name: str) -> list[Clause]:
    """A clause and its parts, in order."""
    return [one for one in certificate().values() if one.id == name or one.id.startswith(f"{name}(")]


def find(asked: str) -> Clause:
    """The clause somebody asks for, with its sign or without, or bare as 5ei; ClauseMustBeKnown where there is none."""
    text, known = asked.strip().lower(), certificate()
    unnumbered = _UNNUMBERED.fullmatch(text)
    if unnumbered or _ASKED.fullmatch(text):
        wanted = _unnumbered(unnumbered[1]) if unnumbered else text
        for one in known.values():
            if _bare(one.id) == _bare(wanted):
                return one
    section = re.match(r"§?\s*([0-9]+)", text)
    beside = [name for name in known if section and name.partition("(")[0] == section[1]]
    near = get_close_matches(text.lstrip("§ "), beside, n=3, cutoff=0)
    raise ClauseMustBeKnown(clause=asked.strip(), near=_near([known[name].written for name in near]))


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text)


def _near(clauses: list[str]) -> str:
    if not clauses:
        return "It has recitals, §1 to §10 with their parts, and a signature"
    *first, last = clauses
    return f"Near it are {', '.join(first)} and {last}" if first else f"Near it is {last}"


def _unnumbered(word: str) -> str:
    return "recitals" if word.lower() == "recital" else word.lower()


def cited(line: str) -> list[str]:
    """The ids a line cites, known or not: numbers with a section sign, and at its head a recital or the signature."""
    numbered = _NUMBERED.findall(_RANGE.sub("", line))
    head = _UNNUMBERED.fullmatch(line.partition(" - ")[0])
    return [*numbered, _unnumbered(head[1])] if head else numbered


def uncited(line: str) -> str:
    """A line without the citations at its head."""
    return _CITATIONS.sub("", line, count=1)


def innermost(names: Iterable[str]) -> frozenset[str]:
    """The clauses that citations count for: 5(e)(i) beside 5(e) is meant alone, and so is the only part of 5(f)."""
    parts = {name: [one.id for one in within(name)][1:] for name in names}
    meant = {own[0] if len(own) == 1 else name for name, own in parts.items()}
    return frozenset(name for name in meant if not any(other.startswith(f"{name}(") for other in meant))
