"""§5(a) §5(f)(i) §2 - Which acts on a Notice of Conversion cannot have happened."""

from datetime import date

from ledger.clauses import conversion
from ledger.decisions.preferred import balance_is_new, existing, numbers_are_new
from ledger.events import (
    CommonSharesDelivered,
    ConversionDividendPaid,
    NoticeCompleted,
    NoticeOfConversionReceived,
    NoticeOfConversionRevoked,
    OriginalsReceived,
    TransferAgentInstructed,
)
from ledger.exact import Fraction
from ledger.figures import shares
from ledger.moments import day_of, in_new_york
from ledger.position.state import Position
from ledger.position.stock import Certificate, Notice
from ledger.refusals import (
    ConversionMustBeInMultiplesOfTheLot,
    ConversionMustPrecedeRedemption,
    DeliveryWindowMustHavePassed,
    HolderMustHoldTheCertificate,
    HoldingMustCoverConversion,
    NoticeMustAllowIt,
    NoticeMustBeNew,
    NoticeMustBeReceived,
    PaymentMustNotExceedWhatIsDue,
)
from ledger.timeline import ConversionDate, Step


def receive(position: Position, step: Step, entry: NoticeOfConversionReceived) -> None:
    """§5(f)(i) - An id stands for one notice. What it converts is judged at its deemed receipt."""
    known = position.notices.get(entry.notice)
    if known is not None:
        raise NoticeMustBeNew(notice=entry.notice, day=day_of(step.at), entry=known.entry)


def complete(position: Position, step: Step, entry: NoticeCompleted) -> None:
    """§5(f)(i) - Only a notice that came without copies of the certificates can be completed."""
    notice = _received(position, step, entry.notice)
    if notice.complete:
        raise _not_allowed(notice, step, "its copies came already", "Leave this entry out.")


def convert(position: Position, step: Step, fact: ConversionDate) -> None:
    """§5(a) - A holder converts shares it holds, in multiples of the lot, before a redemption date begins."""
    notice = position.notices[fact.notice]
    day = day_of(step.at)
    for item in notice.listed:
        held = existing(position, item.certificate, day)
        if held.holder != notice.holder:
            raise HolderMustHoldTheCertificate(
                holder=notice.holder,
                certificate=held.number,
                day=day,
                owner=held.holder,
                left=held.shares,
                notice=notice.id,
            )
        if item.shares > held.shares:
            raise HoldingMustCoverConversion(
                certificate=held.number, asked=item.shares, day=day, left=held.shares, at=in_new_york(step.at)
            )
        _not_called_away(position, held, item.shares, day)
    _in_lots(position, notice, day)


def _in_lots(position: Position, notice: Notice, day: date) -> None:
    terms, asked = position.terms, notice.shares
    whole = position.held(notice.holder)
    if not conversion.may_convert(terms, asked, whole):
        lower = conversion.in_lots(terms, asked)
        lot = terms.conversion_lot.value
        raise ConversionMustBeInMultiplesOfTheLot(
            holder=notice.holder,
            asked=asked,
            notice=notice.id,
            day=day,
            lot=lot,
            reading=terms.readings["lot"],
            hint=_lots_held(lower, lot, whole),
        )


def _lots_held(lower: Fraction, lot: Fraction, held: Fraction) -> str:
    """What a holder could convert instead: the multiples of the lot around what was asked that its shares cover."""
    within = [shares(lots) for lots in (lower, lower + lot) if 0 < lots <= held]
    return f"Convert {' or '.join(within)} shares." if within else f"The holder has {shares(held)} shares in all."


def _not_called_away(position: Position, held: Certificate, asked: Fraction, day: date) -> None:
    # §6, reading redemption-conversion: from its date on, noticed shares no longer convert, redeemed yet or not.
    begun = {
        redemption: called for redemption, called in held.called.items() if day >= position.redemptions[redemption].on
    }
    called = min(sum(begun.values(), Fraction(0)), held.shares)
    if asked > held.shares - called:
        raise ConversionMustPrecedeRedemption(
            certificate=held.number,
            asked=asked,
            day=day,
            left=held.shares,
            called=called,
            redemptions=", ".join(f"{redemption} of {position.redemptions[redemption].on}" for redemption in begun),
            free=held.shares - called,
        )


def originals(position: Position, step: Step, entry: OriginalsReceived) -> None:
    """§5(f)(i) - The originals come once, after the telecopied notice."""
    notice = _received(position, step, entry.notice)
    if notice.originals is not None:
        raise _not_allowed(
            notice, step, f"the originals came {in_new_york(notice.originals)}", "Correct that entry if it is wrong."
        )


def instruct(position: Position, step: Step, entry: TransferAgentInstructed) -> None:
    """§5(f)(i) - The transfer agent is contacted for a notice that awaits delivery."""
    _undelivered(_received(position, step, entry.notice), step)


def deliver(position: Position, step: Step, entry: CommonSharesDelivered) -> None:
    """§5(f)(i) §5(i) - Common is delivered once, from the Conversion Date on; balances get new numbers.

    No shares are a delivery only where none is due, all Common having become cash (reading common-replaced).
    """
    notice = _converted(position, step, entry.notice)
    _undelivered(notice, step)
    stock, enough = notice.stock_due
    if not entry.shares and entry.shares not in enough:
        why = f"{shares(enough[0])} shares of {stock} are due on it, and 0 were delivered"
        raise _not_allowed(notice, step, why, "Give the shares that were delivered, or leave this entry out.")
    day = day_of(step.at)
    taken = {item.certificate for item in notice.taken}
    for balance in entry.balance_certificates:
        held = existing(position, balance.certificate, day)
        if balance.certificate not in taken:
            why = f"it surrendered {', '.join(sorted(taken))} and not {balance.certificate}"
            raise _not_allowed(notice, step, why, "Give balance certificates for what was surrendered.")
        balance_is_new(position, held, balance.new_certificate, held.shares, day)
    numbers_are_new(position, [balance.new_certificate for balance in entry.balance_certificates], day)


def pay_dividend(position: Position, step: Step, entry: ConversionDividendPaid) -> None:
    """§2 - At most what fell due on the Conversion Date and is unpaid, rounded half up to the cent."""
    notice = _converted(position, step, entry.notice)
    PaymentMustNotExceedWhatIsDue.check(
        amount=entry.amount,
        due=notice.dividend_unpaid,
        day=day_of(step.at),
        towards=f"as dividends on notice {notice.id}",
        clause="§2",
    )


def revoke(position: Position, step: Step, entry: NoticeOfConversionRevoked) -> None:
    """§5(f)(i) - A holder revokes once the window has passed without delivery, and until delivery."""
    notice = _converted(position, step, entry.notice)
    _undelivered(notice, step)
    deadline = notice.deadline(position.days)
    received = notice.originals_count_from(position.days)
    if notice.originals is None or received is None or deadline is None:
        why = "the Company's business days run from the originals, which have not come"
        raise _not_allowed(notice, step, why, "Record OriginalsReceived first, if they came.")
    if step.at <= deadline:
        raise DeliveryWindowMustHavePassed(
            notice=notice.id,
            at=in_new_york(step.at),
            days=conversion.delivery_window(position.days, received),
            originals=in_new_york(notice.originals),
            received=in_new_york(received),
            deadline=in_new_york(deadline),
        )
    if conversion.instruction_cures(position.terms, notice.instructed, deadline):
        assert notice.instructed is not None
        why = (
            f"the transfer agent was contacted {in_new_york(notice.instructed)}, within the window to "
            f"{in_new_york(deadline)} (reading instruction-cures: {position.terms.readings['instruction-cures']})"
        )
        raise _not_allowed(notice, step, why, "Correct the instruction if it came later.")


def _received(position: Position, step: Step, number: str) -> Notice:
    notice = position.notices.get(number)
    if notice is None:
        raise NoticeMustBeReceived(notice=number, at=in_new_york(step.at))
    if notice.revoked is not None:
        raise _not_allowed(notice, step, f"it was revoked {in_new_york(notice.revoked)}", "Leave this entry out.")
    return notice


def _converted(position: Position, step: Step, number: str) -> Notice:
    notice = _received(position, step, number)
    if notice.conversion is None:
        came = in_new_york(notice.telecopied)
        why = f"it came {came} without copies" if not notice.complete else f"telecopied {came}, it is not yet received"
        hint = "Record it after the Conversion Date (a day alone means its midnight)."
        raise _not_allowed(notice, step, why, hint)
    return notice


def _undelivered(notice: Notice, step: Step) -> None:
    if notice.delivered is not None:
        why = f"its Common Stock was delivered {in_new_york(notice.delivered.at)}"
        raise _not_allowed(notice, step, why, "Leave this entry out, or correct the delivery.")


def _not_allowed(notice: Notice, step: Step, why: str, hint: str) -> NoticeMustAllowIt:
    word = type(step.fact).__name__
    clause = "§2" if isinstance(step.fact, ConversionDividendPaid) else "§5(f)(i)"
    return NoticeMustAllowIt(what=word, notice=notice.id, at=in_new_york(step.at), clause=clause, why=why, hint=hint)
