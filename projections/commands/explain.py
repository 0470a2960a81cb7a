"""The command `captable explain`: a figure, a deadline or an entry by its words, as a tree in JSON and in text."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import click

from ledger.errors import QuestionMustBeUnderstood
from ledger.figures import Figure
from projections.commands.entries import show_entry
from projections.commands.questions import Asked, as_of, question
from projections.explain import arrears as explain_arrears
from projections.explain import common as explain_common
from projections.explain import dividends as explain_dividends
from projections.explain import finding as explain_finding
from projections.explain import notice as explain_notice
from projections.explain import obligation as explain_obligation
from projections.explain import preference as explain_preference
from projections.explain import rate as explain_rate
from projections.explain import reading as explain_reading
from projections.explain import redemption as explain_redemption
from projections.explain import shares as explain_shares
from projections.explain import votes as explain_votes
from projections.explain.watched import Watched
from projections.question import Question
from projections.report.text import asked as what_was_asked
from projections.report.text import table


@dataclass(frozen=True)
class Explained:
    """What can be explained: what may be named beside it, in brackets where it can be left out, and what is told."""

    which: str
    tells: str
    explain: Callable[..., Figure] | None


_SERIES = "[HOLDER or CERTIFICATE]"

EXPLAINED: dict[str, Explained] = {
    "conversion-rate": Explained("", "Common for one share, and every adjustment", explain_rate.conversion_rate),
    "outstanding": Explained("", "shares outstanding, entry by entry", explain_shares.outstanding),
    "issued": Explained("", "shares ever issued", explain_shares.issued),
    "converted": Explained("", "shares converted", explain_shares.converted),
    "redeemed": Explained("", "shares redeemed", explain_shares.redeemed),
    "reacquired": Explained("", "shares reacquired", explain_shares.reacquired),
    "shares": Explained("HOLDER or CERTIFICATE", "shares held, and how they came", explain_shares.held),
    "accrued-dividends": Explained(_SERIES, "dividends accrued and unpaid", explain_dividends.accrued_dividends),
    "in-arrears": Explained("", "dividends in arrears", explain_arrears.in_arrears),
    "due-on-conversion": Explained("", "dividends due on conversion, unpaid", explain_arrears.due_on_conversion),
    "next-payment-date": Explained("", "the next dividend date, and its due day", explain_arrears.next_payment_date),
    "dividend": Explained("DAY", "a payment date: accrued, paid, unpaid, due, age", explain_arrears.payment_date),
    "liquidation-preference": Explained(
        _SERIES, "Stated Value and unpaid dividends", explain_preference.liquidation_preference
    ),
    "common-outstanding": Explained("", "Common Stock outstanding", explain_common.common_outstanding),
    "reserve-required": Explained("", "Common needed for conversion", explain_common.reserve_required),
    "reserve-available": Explained("", "Common authorized and not issued", explain_common.reserve_available),
    "convertible-into": Explained("HOLDER", "Common a holder could convert into", explain_votes.convertible_into),
    "votes": Explained("[HOLDER]", "votes of a holder, or as a single class", explain_votes.votes),
    "action": Explained("ID", "the consents to an action, and the majority", explain_votes.action),
    "notice": Explained("ID", "a Notice of Conversion: its dates, what it is due", explain_notice.notice),
    "redemption": Explained("ID", "a redemption: its shares, its price", explain_redemption.redemption_of),
    "obligation": Explained("N", "an obligation, by its number in the list", explain_obligation.obligation),
    "finding": Explained("N", "a finding, by its number in the list", explain_finding.finding),
    "reading": Explained("ID", "a reading, and what others would move here", explain_reading.reading),
    "term": Explained("NAME", "a number or word of the certificate", explain_reading.term),
    "entry": Explained("N", "an entry's story, as `captable show`", None),
}
"""What can be explained, by its name."""


@click.command("explain")
@click.argument("what", required=False)
@click.argument("which", required=False)
@as_of
@question
def explain_command(asked: Asked, what: str | None, which: str | None) -> None:
    """Explain a figure: its clause, its entries, its readings, and arithmetic you can redo.

    Without WHAT it lists what can be explained. In the arithmetic [name] is the figure of that name, listed below, or
    beside or around it.

    \b
    Examples:
      captable explain
      captable explain conversion-rate --as-of 2001-12-31
      captable explain accrued-dividends "Sykes Family Trust" --as-of 2001-06-10
    """
    if what is None:
        data = [{"what": name, "which": one.which, "tells": one.tells} for name, one in EXPLAINED.items()]
        asked.answer("explain", {"explained": data}, lambda: _list(asked.question))
    elif what == "entry":
        show_entry(asked, which)
    else:
        figure = explained(asked.question, what, which)
        late = asked.question.book.late
        asked.answer("explain", {"figure": figure.tree(late)}, lambda: "\n".join(figure.lines(late)))


def _list(question: Question) -> str:
    rows = ((f"{name} {one.which}".rstrip(), one.tells) for name, one in EXPLAINED.items())
    said = table(("captable explain", "tells"), rows, align="ll")
    return f"What can be explained\n{what_was_asked(question)}\n\n{said}"


def explained(question: Question, what: str, which: str | None) -> Figure:
    """The explanation of a figure by its words; QuestionMustBeUnderstood where there is none of that name."""
    one = EXPLAINED.get(what)
    if one is None or one.explain is None:
        raise _not_explained(what)
    watched = Watched.of(question)
    if not one.which and which is None:
        return one.explain(watched)
    if not one.which or (which is None and not one.which.startswith("[")):
        why = f"It is asked as: captable explain {f'{what} {one.which}'.rstrip()}"
        hint = "`captable explain` lists what can be explained."
        raise QuestionMustBeUnderstood(what=f"explain {what}{f' {which}' if which else ''}", why=why, hint=hint)
    return one.explain(watched, which)


def _not_explained(what: str) -> QuestionMustBeUnderstood:
    near = get_close_matches(what, EXPLAINED, 1)
    hint = f"Did you mean {near[0]}?" if near else "Name one of them."
    why = f"What can be explained: {', '.join(f'{name} {one.which}'.rstrip() for name, one in EXPLAINED.items())}"
    return QuestionMustBeUnderstood(what=f"explain {what}", why=why, hint=hint)
