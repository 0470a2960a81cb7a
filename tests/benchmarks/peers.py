"""The peers: plain-text accounting programs, given an equivalent journal where they are installed.

Every line of a history becomes a transaction that moves shares between holders' accounts, the issued and the pending;
money and Common Stock move beside them. One file suits all three programs; beancount wants its accounts opened as well.
Their balance of the holders as of a day is the nearest question they can be asked. No clause is applied and nothing
verified: what they take is the least that reading a history costs. beancount keeps a cache of what it has read, and
has it in every run but the first.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import naive

Movements = list[tuple[str, str]]

HOLDERS, PENDING, CANCELLED = "Assets:Holders", "Equity:Pending", "Equity:Cancelled"
ISSUED, CASH, PAID_IN = "Equity:Issued", "Assets:Cash", "Equity:Paid-In"
COMMON, COMMON_ISSUED, DIVIDENDS = "Equity:Common", "Equity:Common-Issued", "Equity:Dividends"


class Translator:
    """Journal lines as movements; it keeps who holds what by certificate, and what a notice has taken."""

    def __init__(self) -> None:
        """Begin with nothing issued."""
        self.held: dict[str, tuple[str, int]] = {}
        self.noticed: dict[str, tuple[str, str, int]] = {}

    def of(self, line: naive.Line) -> Movements:
        """What one line moves; what moves nothing is a movement of no shares, so that it stays a transaction."""
        moved = getattr(self, f"_{line['event']}", None)
        return moved(line) if moved else _two(PENDING, CANCELLED, 0)

    def _give(self, holder: str, certificate: str, shares: int) -> None:
        _, before = self.held.get(certificate, (holder, 0))
        self.held[certificate] = holder, before + shares

    def _take(self, certificate: str, shares: int) -> str:
        holder, before = self.held.pop(certificate)
        if before > shares:
            self.held[certificate] = holder, before - shares
        return f"{HOLDERS}:{holder}"

    def _CommonStockOpened(self, line: naive.Line) -> Movements:  # noqa: N802 - each is named for its kind of entry
        return _two(COMMON_ISSUED, COMMON, line["outstanding"], "COMMON")

    def _PreferredSharesIssued(self, line: naive.Line) -> Movements:  # noqa: N802
        self._give(line["holder"], line["certificate"], int(line["shares"]))
        return _two(ISSUED, f"{HOLDERS}:{line['holder']}", line["shares"])

    def _PreferredSharesTransferred(self, line: naive.Line) -> Movements:  # noqa: N802
        shares = self.held[line["certificate"]][1]
        moved = [(self._take(line["certificate"], shares), f"-{shares} SERIESH")]
        for into in line["into"]:
            self._give(into["holder"], into["certificate"], int(into["shares"]))
            moved.append((f"{HOLDERS}:{into['holder']}", f"{into['shares']} SERIESH"))
        return moved

    def _CertificateReplaced(self, line: naive.Line) -> Movements:  # noqa: N802
        holder, shares = self.held.pop(line["certificate"])
        self.held[line["new_certificate"]] = holder, shares
        return _two(f"{HOLDERS}:{holder}", f"{HOLDERS}:{holder}", shares)

    def _PreferredSharesReacquired(self, line: naive.Line) -> Movements:  # noqa: N802
        return _two(self._take(line["certificate"], int(line["shares"])), CANCELLED, line["shares"])

    def _NoticeOfConversionReceived(self, line: naive.Line) -> Movements:  # noqa: N802
        (part,) = line["surrendered"]
        shares = int(part["shares"])
        self.noticed[line["notice"]] = line["holder"], part["certificate"], shares
        return _two(self._take(part["certificate"], shares), PENDING, shares)

    def _CommonSharesDelivered(self, line: naive.Line) -> Movements:  # noqa: N802
        _, _, shares = self.noticed.pop(line["notice"])
        return _two(PENDING, CANCELLED, shares) + _two(COMMON_ISSUED, COMMON, line["shares"], "COMMON")

    def _NoticeOfConversionRevoked(self, line: naive.Line) -> Movements:  # noqa: N802
        holder, certificate, shares = self.noticed.pop(line["notice"])
        self._give(holder, certificate, shares)
        return _two(PENDING, f"{HOLDERS}:{holder}", shares)

    def _DividendPaid(self, line: naive.Line) -> Movements:  # noqa: N802
        return _two(CASH, DIVIDENDS, line["amount"], "USD")

    _ConversionDividendPaid = _DividendPaid

    def _CommonSharesIssued(self, line: naive.Line) -> Movements:  # noqa: N802
        return _two(COMMON_ISSUED, COMMON, line["shares"], "COMMON") + _two(PAID_IN, CASH, line["cash"], "USD")


def _two(source: str, target: str, amount: Any, of: str = "SERIESH") -> Movements:
    return [(source, f"-{amount} {of}"), (target, f"{amount} {of}")]


def transactions(lines: Iterable[naive.Line]) -> Iterator[tuple[date, str, Movements]]:
    """Each line as a transaction: its New York day (a notice's: of its receipt), its kind, and what it moves."""
    translator = Translator()
    for line in lines:
        day = naive.day_of(naive.instant(line["effective"])) if len(line["effective"]) > 10 else None
        if line["event"] in naive.PAPERS:
            day = naive.day_of(naive.deemed(naive.instant(line["effective"]), ()))
        yield day or date.fromisoformat(line["effective"]), line["event"], translator.of(line)


def write(folder: Path, lines: Iterable[naive.Line]) -> Path:
    """Write the journal that all peers read, and beside it the accounts as beancount wants them opened."""
    journal, accounts = folder / "peers.journal", set[str]()
    with journal.open("w", encoding="utf-8") as kept:
        for day, event, moved in transactions(lines):
            postings = "\n".join(f"  {account}  {amount}" for account, amount in moved)
            kept.write(f'{day} * "{event}"\n{postings}\n\n')
            accounts.update(account for account, _ in moved)
    opened = "".join(f"2001-01-01 open {account}\n" for account in sorted(accounts))
    journal.with_suffix(".beancount").write_text(f'{opened}include "{journal.name}"\n', encoding="utf-8")
    return journal


def _ledger(program: str, journal: Path, day: date) -> list[str]:
    return [program, "--args-only", "-f", str(journal), "balance", "--end", str(day + timedelta(1)), HOLDERS]


def _hledger(program: str, journal: Path, day: date) -> list[str]:
    return [program, "-f", str(journal), "balance", "-e", str(day + timedelta(1)), HOLDERS]


def _beancount(program: str, journal: Path, day: date) -> list[str]:
    asked = f"SELECT account, sum(position) WHERE date <= {day} AND account ~ '{HOLDERS}' GROUP BY account"
    return [program, str(journal.with_suffix(".beancount")), asked]


BALANCES: dict[str, tuple[str, Callable[[str, Path, date], list[str]]]] = {
    "ledger": ("ledger", _ledger),
    "hledger": ("hledger", _hledger),
    "beancount": ("bean-query", _beancount),
}
"""The peers: the program each is asked by, and its balance of every holder at the end of a day."""


def installed() -> dict[str, Callable[[Path, date], list[str]]]:
    """The peers that are installed, each with the command of its balance."""
    found = {name: (shutil.which(program), balance) for name, (program, balance) in BALANCES.items()}
    return {name: _with(program, balance) for name, (program, balance) in found.items() if program}


def _with(program: str, balance: Callable[[str, Path, date], list[str]]) -> Callable[[Path, date], list[str]]:
    return lambda journal, day: balance(program, journal, day)
