"""Every entry the ledger refuses because it cannot have happened: one class a rule, named for the rule kept.

`errors` says how these sentences are written. Each cites its clause and gives both numbers; nothing was recorded.
"""

from collections.abc import Sequence
from typing import Any

from ledger.errors import Refusal
from ledger.exact import Fraction
from ledger.figures import to_the_cent

_LISTED = 10  # entries that a refusal names one by one

# --- the record ---


class ReferenceMustBeUnique(Refusal):
    """A reference used again with other content."""

    cannot = "Reference {ref} cannot be recorded with this content."
    rule = "A reference stands for one entry: {ref} is entry {entry}, and what it says differs."
    instead = "Give the new entry its own ref, or correct entry {entry}."


class EntryMustStand(Refusal):
    """A correction or voiding of an entry that does not exist or stands no longer."""

    cannot = "Entry {entry} cannot be {done}."
    rule = "{why}."
    instead = "See `captable log` for the entries that stand."


class LaterEntryMustStand(Refusal):
    """A late entry, correction or voiding that would make a later entry impossible."""

    cannot = "{what} cannot be recorded: {listed} would become impossible."
    rule = "{because}"
    instead = "Correct or void {them} first, if {wrong}."

    @classmethod
    def of(cls, what: str, later: Sequence[tuple[int, str]], because: Refusal) -> "LaterEntryMustStand":
        """The refusal of an entry: the later ones it makes impossible, by number and words, and why the first is."""
        listed = [f"entry {number} ({words})" for number, words in later[:_LISTED]]
        if more := len(later) - len(listed):
            listed.append(f"{more:,} more")
        one = len(later) == 1
        return cls(
            what=what,
            listed=" and ".join(filter(None, (", ".join(listed[:-1]), listed[-1]))),
            because=" ".join(because.sentences()[:2]),
            them=f"entry {later[0][0]}" if one else "them, the last of them",
            wrong="it is the one that is wrong" if one else "they are what is wrong",
        )


# --- §1 §7 the shares ---


class IssueMustStayWithinDesignation(Refusal):
    """§1 §7 - More shares than were designated, ever."""

    cannot = "{holder} cannot be issued {asked} shares on {day}."
    rule = (
        "§1 designates {designated} shares of Series H and §7 lets none be reissued: "
        "{issued} were issued before, so {available} remain."
    )
    instead = "Issue at most {available}, or correct the earlier issues."


class CertificateNumberMustBeNew(Refusal):
    """A certificate number used twice."""

    cannot = "Certificate number {certificate} cannot be used again on {day}."
    rule = "A number stands for one certificate: {certificate} was given out by {by}."
    instead = "Use a new number."


class CertificateMustExist(Refusal):
    """An unknown certificate number."""

    cannot = "Nothing can be done with certificate {certificate} on {day}."
    rule = "No certificate of that number has been issued by then."
    instead = "Check the number, or record its issue first."


class CertificateMustHoldShares(Refusal):
    """A certificate with fewer shares left than an entry takes."""

    cannot = "{asked} shares of certificate {certificate} cannot be {done} on {day}."
    rule = "{clause} acts on outstanding shares: {certificate} has {left} left that day."
    instead = "Take at most {left}, or record the missing entry first."


class TransferMustMoveAllThatIsLeft(Refusal):
    """A transfer whose parts do not sum to what the certificate has left."""

    cannot = "Certificate {certificate} cannot be transferred into {asked} shares on {day}."
    rule = "A surrendered certificate is used up: the parts must sum to the {left} shares it has left that day."
    instead = "Make the parts sum to {left}."


# --- §2 dividends ---


class PayableOnMustBeAPaymentDate(Refusal):
    """§2 - A day that is no dividend payment date."""

    cannot = "No dividend of {payable_on} can be paid."
    rule = "§2 makes dividends payable on {payment_days} of each year, first on {first}: {payable_on} is none of them."
    instead = "Give the nominal date the money was paid for: {near}."


class DividendMustHaveFallenDue(Refusal):
    """§2 - A payment made before its payment date."""

    cannot = "The dividend of {payable_on} cannot be paid on {day}."
    rule = "§2 makes it payable on {payable_on}; the reading dividend-allocation shares it by what accrued to that day."
    instead = "Record the payment with the day it was made, on or after {payable_on}."


class PaymentMustNotExceedWhatIsDue(Refusal):
    """§2 §6 - More money than is due, rounded half up to the cent."""

    cannot = "{amount:dollars} cannot be paid on {day} {towards}."
    rule = "By {clause} {due:cents} is due and unpaid, rounded half up to the cent from {due:exact} dollars."
    instead = "Pay at most {due:cents}, or record what is missing first."

    @classmethod
    def check(cls, *, amount: Fraction, due: Fraction, **facts: Any) -> None:
        """Raise this refusal where an amount of dollars is more than what is due, rounded half up to the cent."""
        if amount > to_the_cent(due):
            raise cls(amount=amount, due=due, **facts)


# --- §5 conversion ---


class NoticeMustBeNew(Refusal):
    """A notice id used twice."""

    cannot = "Notice {notice} cannot be received again on {day}."
    rule = "An id stands for one Notice of Conversion: {notice} is entry {entry}."
    instead = "Give the new notice its own id."


class NoticeMustBeReceived(Refusal):
    """§5(f)(i) - An act on a notice that has not come by then."""

    cannot = "Nothing can be done on notice {notice} at {at}."
    rule = "§5(f)(i) begins with the telecopied notice: none of that id has come by then."
    instead = "Record the notice first, or give the instant of this entry (a day alone means its midnight)."


class NoticeMustAllowIt(Refusal):
    """§5(f)(i) - An act that the state of a notice does not allow."""

    cannot = "{what} cannot be recorded for notice {notice} at {at}."
    rule = "{clause} does not allow it: {why}."
    instead = "{hint}"


class ConversionMustBeInMultiplesOfTheLot(Refusal):
    """§5(a) - A conversion that is no multiple of one hundred."""

    cannot = "{holder} cannot convert {asked} shares by notice {notice} on {day}."
    rule = "§5(a) lets shares be converted in multiples of {lot}; reading lot: {reading}. {asked} is no multiple."
    instead = "{hint}"


class HoldingMustCoverConversion(Refusal):
    """§5(a) - More shares than the certificate has left."""

    cannot = "{certificate} cannot convert {asked} shares on {day}."
    rule = "§5(a) lets a holder convert shares it holds: certificate {certificate} has {left} left at {at}."
    instead = "Convert at most {left}, or record the missing entry first."


class HolderMustHoldTheCertificate(Refusal):
    """§5(a) - A certificate of another holder."""

    cannot = "{holder} cannot convert shares of certificate {certificate} by notice {notice} on {day}."
    rule = "§5(a) gives the right to the holder: {certificate} stands in the name of {owner}, with {left} shares left."
    instead = "Name the holder and the certificate the shares are on that day, or record the missing transfer first."


class ConversionMustPrecedeRedemption(Refusal):
    """§6 - Shares noticed for redemption convert until the redemption date begins."""

    cannot = "{certificate} cannot convert {asked} shares on {day}."
    rule = (
        "§6 ends the shares' rights on the redemption date: of {left} left on {certificate}, {called} were noticed for "
        "redemption ({redemptions}), whose date has begun (reading redemption-conversion)."
    )
    instead = "Convert at most {free}, or void the redemption notice if it was withdrawn."


class DeliveryWindowMustHavePassed(Refusal):
    """§5(f)(i) - A revocation while the Company could still deliver."""

    cannot = "Notice {notice} cannot be revoked at {at}."
    rule = (
        "§5(f)(i) gives the Company {days} business days from the originals, which came {originals} and count from "
        "{received}: until {deadline} (reading delivery-window)."
    )
    instead = "Revoke after {deadline}."


class BalanceCertificateMustHaveABalance(Refusal):
    """§5(i) §6 - A balance certificate where nothing is left."""

    cannot = "Certificate {new_certificate} cannot be issued for the balance of {certificate} on {day}."
    rule = "A balance certificate stands for the shares that are left of {certificate}, and 0 are left."
    instead = "Leave the balance certificate out."


# --- §5(c) §5(e) the Common Stock ---


class CommonStockMustOpenOnce(Refusal):
    """The Common Stock opened twice, or after it moved."""

    cannot = "The Common Stock cannot open on {day}."
    rule = "It opens once, before anything moves it, and {by} moved it."
    instead = "Open before that, or correct that entry if it is an opening itself."


class CommonStockMustBeOpened(Refusal):
    """§5(e)(i) - A dilutive issue while the Common outstanding is unknown."""

    cannot = "{asked} shares of Common Stock cannot be issued below {threshold:dollars} on {day}."
    rule = "§5(e)(i) needs the Common Stock outstanding immediately before, and {why}."
    instead = "{hint}"


class PropertyMustBeValuedByTheBoard(Refusal):
    """§5(e)(ii) - Property without the Board's resolution."""

    cannot = "Common Stock cannot be issued for property worth {value:dollars} on {day}."
    rule = "§5(e)(ii) has the Board of Directors determine the fair value, and no board_resolution is given."
    instead = "Add the board_resolution that determined the value."


class CommonStockMustCoverRetirement(Refusal):
    """More Common Stock retired than is outstanding."""

    cannot = "{asked} shares of Common Stock cannot be retired on {day}."
    rule = "Only issued shares can be retired: {outstanding} are outstanding, {pending} of them yet to be delivered."
    instead = "Retire at most {available}."


# --- §6 redemption ---


class RedemptionMustBeNew(Refusal):
    """A redemption id used twice."""

    cannot = "Redemption {redemption} cannot be noticed again on {day}."
    rule = "An id stands for one redemption: {redemption} is entry {entry}."
    instead = "Give the new redemption its own id."


class RedemptionMustAllowIt(Refusal):
    """§6 - An act that the state of a redemption does not allow."""

    cannot = "{what} cannot be recorded for redemption {redemption} on {day}."
    rule = "§6 does not allow it: {why}."
    instead = "{hint}"


class RedemptionMustFallOnItsDate(Refusal):
    """§6 - Shares redeemed on another day than noticed."""

    cannot = "Redemption {redemption} cannot take effect on {day}."
    rule = "§6 redeems on the date the notice states: entry {entry} states {redemption_date}, not {day}."
    instead = "Record it effective {redemption_date}, or correct the notice."


class RedemptionDateMustFollowNotice(Refusal):
    """§6 - A redemption date before the notice of it."""

    cannot = "A redemption on {redemption_date} cannot be noticed on {day}."
    rule = "§6 has the notice mailed {days} days or more before the date set, and {redemption_date} lies before {day}."
    instead = "Correct one of the two days."


# --- §3 §4 §5(d) §8 the Company's other acts ---


class LiquidationMustBeginOnce(Refusal):
    """§3(a) - A second liquidation."""

    cannot = "A liquidation cannot begin on {day}."
    rule = "§3(a) distributes the Company's assets once: entry {entry} began its liquidation on {on}."
    instead = "Correct entry {entry} if its day or its assets are wrong."


class LiquidationMustHaveBegun(Refusal):
    """§3(a) §3(d) - A distribution without a liquidation, such as on a merger."""

    cannot = "{amount:dollars} cannot be distributed on the Liquidation Preference on {day}."
    rule = "§3(a) pays the preference in a liquidation, and none has begun by then."
    instead = "Record LiquidationCommenced first, or DividendPaid if it was a dividend."


class ConsentMustBeHeld(Refusal):
    """§8(a) - A consent with more shares than its holder has."""

    cannot = "{holder} cannot consent to {action} with {asked} shares on {day}."
    rule = "§8(a) asks the holders of the outstanding shares: {holder} holds {held} that day."
    instead = "Record at most {held}, or the missing transfer first."


class ActionMustBeTakenOnce(Refusal):
    """§8 - An action taken again under the same id."""

    cannot = "Action {action} cannot be taken on {day}."
    rule = "An id stands for one action: {action} was taken by entry {entry}."
    instead = "Give the new action its own id."


class CommonStockMustStillStand(Refusal):
    """§5(c) §5(d) - Common Stock changed that a share no longer converts into."""

    cannot = "The Common Stock cannot be changed into something else on {day}."
    rule = "§5(c) and §5(d) change what a share converts into, which by then is {into} and no Common Stock."
    instead = "Correct the earlier change, so that it ends with what the holder receives now."


class HoursMustRunForward(Refusal):
    """§5(f)(i) - Business hours amended so that they end before they begin."""

    cannot = "The certificate cannot be amended to business hours from {opens} to {closes} on {day}."
    rule = "§5(f)(i) has hours between an opening and a later closing: {opens} does not lie before {closes}."
    instead = "Amend both hours in one entry."
