"""§5(c) §5(d) §8(b) §9(c) - What reclassifications, Reorganizations and amendments do to what a share converts into."""

from collections.abc import Iterable, Mapping

from ledger.clauses import adjustment, protection
from ledger.entries import SecurityPerShare
from ledger.events import CertificateAmended, CommonStockReclassified, ReorganizationEffected
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.common import multiply
from ledger.position.company import Amendment, RecordDate, Succession
from ledger.position.state import COMMON, Position
from ledger.position.stock import Adjustment
from ledger.timeline import Step


def reclassify(position: Position, step: Step, entry: CommonStockReclassified) -> None:
    """§5(c) §10(b) - Each share of Common becomes other securities, and so does what Series H converts into."""
    _become(position, step, entry.into)
    position.company.record_dates.append(RecordDate(step.number, entry.action, day_of(step.at), "reclassification"))


def reorganize(position: Position, step: Step, entry: ReorganizationEffected) -> None:
    """§5(d) §9(c) §10(b) - A Reorganization: what one share of Common became, and who took over the terms."""
    if entry.per_share:
        _become(position, step, entry.per_share)
    if entry.successor is not None and protection.must_be_assumed(entry.kind, entry.successor):
        position.company.successions.append(
            Succession(step.number, day_of(step.at), entry.successor, entry.assumed_in_writing is True)
        )
    if entry.kind != "control_change":  # §10(b) speaks of the Company's own capital, mergers and transfers of assets
        what = (entry.kind or "reorganization").replace("_", " ")
        position.company.record_dates.append(RecordDate(step.number, entry.action, day_of(step.at), what))


def _become(position: Position, step: Step, into: Iterable[SecurityPerShare]) -> None:
    """§5(c) §5(d) - What one share of Common becomes; what is still Common has become so as by a split.

    Where none is, the stock that took its place counts as the Common from now on (reading common-replaced).
    """
    changed = {item.security: item.per_share for item in into}
    each, before = changed.get(COMMON), position.into
    _receive(position, changed)
    if each is not None:
        changed = {security: amount / each for security, amount in changed.items()}
        if each != 1:
            multiply(position, step, each, Fraction(1))
    # By name, whichever came first: what is found again must not depend on how it was come by.
    position.into = dict(sorted(adjustment.changed_into(position.into, COMMON, changed).items()))
    if each is None:
        by = adjustment.shares_in_place_of(COMMON, position.into) / before[COMMON]
        _replace(position, by)


def _receive(position: Position, changed: Mapping[str, Fraction]) -> None:
    """§5(c) §5(d) - Common of pending notices is outstanding (conversion-moment), and receives what all other does."""
    for notice in position.awaiting_delivery():
        due = dict(notice.others_due)
        for security in sorted(changed.keys() - {COMMON}):
            due[security] = due.get(security, ZERO) + notice.common_due * changed[security]
        position.keep_notice(notice._replace(others_due=due))


def _replace(position: Position, by: Fraction) -> None:
    """§5(d) §5(e)(i) §5(j) - Common outstanding is counted in the stock that took its place: so much for each share.

    How much of that stock is authorized nobody has said yet.
    """
    for notice in position.awaiting_delivery():
        position.keep_notice(notice._replace(common_due=ZERO, in_place=notice.common_due * by))
    common = position.common
    position.common = common._replace(outstanding=common.outstanding * by, authorized=None)


def amend(position: Position, step: Step, entry: CertificateAmended) -> None:
    """§8(b) - Terms amended from their day on; an amended conversion rate takes the place of every adjustment."""
    before, law = position.rate, position.terms
    position.terms = position.terms.amended(entry.terms, day_of(step.at))
    if "conversion_rate" in entry.terms:
        rate = position.terms.conversion_rate.value
        position.adjust(Adjustment(step.number, step.at, "§8(b)", rate / before, rate, before, rate))
    if "common_par_value" in entry.terms:
        position.common = position.common._replace(par_value=position.terms.common_par_value.value)
    if position.outstanding:  # §8(b) asks the holders of the then outstanding shares
        items = tuple((name, protection.amended_item(name, law, position.terms)) for name in sorted(entry.terms))
        position.company.amendments.append(Amendment(step.number, day_of(step.at), items))
