"""Every kind of entry there is: what happened, in the certificate's own words, frozen.

A class is a fact and nothing else; what follows from it (a rate, an accrual, a deadline) is derived by the fold. A
kind's stored name is its class name here, never its place in the code, so a class may move and history still loads.
Quantities are shares, dollars, or dollars a share, exact; `fields` says how each is read.
"""

from typing import Annotated, Any, Literal, TypeGuard

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StrictBool

from ledger.entries import (
    Balances,
    Entry,
    EntryNumber,
    HolderShares,
    ListedShares,
    Received,
    read_entry,
)
from ledger.exact import Fraction
from ledger.fields import Cents, Day, Name, Payment, Positive, Quantity, Text
from ledger.terms_file import amendable


class CommonStockOpened(Entry):
    """The Common Stock when the ledger opens: shares outstanding and authorized, dollars of par value."""

    outstanding: Positive
    authorized: Positive | None = None
    par_value: Quantity | None = None


class HolderRegistered(Entry):
    """Particulars of a holder, who exists from first use."""

    holder: Name
    name: Name | None = None
    address: Text | None = None
    fax: Text | None = None


class PreferredSharesIssued(Entry):
    """§1 - Series H shares issued under a new certificate number."""

    holder: Name
    certificate: Name
    shares: Positive
    consideration: Text | None = None


class PreferredSharesTransferred(Entry):
    """A certificate surrendered for transfer, and the certificates all of what it has left goes into."""

    certificate: Name
    into: Annotated[tuple[HolderShares, ...], Field(min_length=1)]


class CertificateReplaced(Entry):
    """§5(g) - A lost, stolen, destroyed or mutilated certificate replaced by a new one."""

    certificate: Name
    new_certificate: Name
    reason: Literal["lost", "stolen", "destroyed", "mutilated"] | None = None
    indemnity: Text | None = None


class PreferredSharesReacquired(Entry):
    """§7 - Series H shares purchased or otherwise acquired by the Company; canceled, never reissued."""

    certificate: Name
    shares: Positive
    price: Cents | None = None
    balance_certificate: Name | None = None


class DividendPaid(Entry):
    """§2 - Cash paid to the whole series towards the dividend of a payment date."""

    payable_on: Day
    amount: Payment


class OtherClassDividendPaid(Entry):
    """§2 - Cash paid to another class or series of the Company's stock."""

    stock: Name
    amount: Payment


class FundsSetApart(Entry):
    """§2 §3(c) - Money set apart for a dividend, or in trust for the liquidation preference."""

    purpose: Literal["dividend", "preference"] | None = None
    payable_on: Day | None = None
    amount: Payment


class NoticeOfConversionReceived(Entry):
    """§5(f)(i) - A Notice of Conversion telecopied to the Company, with copies of the certificates or without."""

    notice: Name
    holder: Name
    surrendered: ListedShares
    fractions: Literal["cash", "issue"] = "cash"
    copies: StrictBool = True

    @property
    def total(self) -> Fraction:
        """Series H shares the notice converts, over all its certificates."""
        return sum((item.shares for item in self.surrendered), Fraction(0))


class NoticeCompleted(Entry):
    """§5(f)(i) - The missing copies arrived: the notice's receipt counts from now."""

    notice: Name


class OriginalsReceived(Entry):
    """§5(f)(i) - The original notice and certificates arrived by courier; the three business days run from here."""

    notice: Name


class TransferAgentInstructed(Entry):
    """§5(f)(i) - The Company contacted its transfer agent to deliver the Common Stock."""

    notice: Name


class CommonSharesDelivered(Entry):
    """§5(f)(i) §5(d) §5(h) §5(i) - Common Stock delivered on a notice, or what took its place; balance certificates.

    `cash_in_lieu` is for a fraction of a share, and where cash took the Common's place that cash too; `shares` may be 0
    where no stock is due.
    """

    notice: Name
    shares: Quantity
    cash_in_lieu: Cents | None = None
    market_price: Quantity | None = None
    balance_certificates: Balances = ()


class ConversionDividendPaid(Entry):
    """§2 - Cash paid of the dividends that fell due on a notice's Conversion Date."""

    notice: Name
    amount: Payment


class NoticeOfConversionRevoked(Entry):
    """§5(f)(i) - The holder revoked a notice after the Company failed to deliver in time."""

    notice: Name


class CommonSharesIssued(Entry):
    """§5(e) - Common Stock issued or sold, for cash, property or both; `exempt` names the exclusion it falls under."""

    shares: Positive
    cash: Quantity | None = None
    property_fair_value: Quantity | None = None
    board_resolution: Text | None = None
    holder: Name | None = None
    exempt: Literal["employee_plan", "outstanding_at_date_hereof"] | None = None


class CommonSharesRetired(Entry):
    """Common Stock bought back or retired: outstanding no longer."""

    shares: Positive


class CommonStockSplit(Entry):
    """§5(c) - A split, combination or stock dividend: `new_shares` for every `old_shares`."""

    new_shares: Positive
    old_shares: Positive
    action: Name | None = None


class CommonStockReclassified(Entry):
    """§5(c) - Common Stock changed into other securities."""

    into: Annotated[Received, Field(min_length=1)]
    action: Name | None = None


class ReorganizationEffected(Entry):
    """§5(d) §9 - A Reorganization: what one share of Common Stock became, and who took over the terms."""

    kind: Literal["merger", "consolidation", "asset_sale", "control_change", "capital_reorganization"] | None = None
    per_share: Received = ()
    successor: Name | None = None
    assumed_in_writing: StrictBool | None = None
    action: Name | None = None


class CommonAuthorizationChanged(Entry):
    """§5(j) - The number of authorized shares of Common Stock changed."""

    authorized: Positive


class RedemptionNoticeMailed(Entry):
    """§6 - The Company's written notice of redemption, with its statements as mailed."""

    redemption: Name
    redemption_date: Day
    shares: ListedShares
    representation: StrictBool | None = None
    stated_total: Quantity | None = None
    stated_price: Quantity | None = None
    surrender_to: Text | None = None
    holders: tuple[Name, ...] = ()


class SharesRedeemed(Entry):
    """§6 - The redemption date came and the noticed shares ceased to be outstanding."""

    redemption: Name


class RedemptionPricePaid(Entry):
    """§6 - The redemption price of a surrendered certificate paid, with a new certificate for what was not redeemed."""

    redemption: Name
    certificate: Name
    amount: Payment
    balance_certificate: Name | None = None


class LiquidationCommenced(Entry):
    """§3 - A liquidation, dissolution or winding up, with dollars of assets available for distribution."""

    kind: Literal["voluntary", "involuntary"] | None = None
    assets_available: Quantity
    action: Name | None = None


class LiquidationDistributionPaid(Entry):
    """§3 - Cash distributed to the holders of Series H in a liquidation."""

    amount: Payment


class ConsentGiven(Entry):
    """§4 §8 - A holder's vote or written consent to an action, for a number of its shares."""

    action: Name
    holder: Name
    shares: Positive


class ActionTaken(Entry):
    """§4 §8 - An action that needs the consent of a majority of the series."""

    action: Name
    kind: Literal["adverse", "charter_amendment", "common_written_consent"] | None = None
    description: Text | None = None


class RecordDateSet(Entry):
    """§4 §10 - A record date fixed for a vote, a dividend or a right."""

    action: Name
    record_date: Day
    purpose: Literal["vote", "dividend", "right", "other"] | None = None
    security: Name | None = None


class RecordDateNoticeMailed(Entry):
    """§10 - The notice of a record date or other event, with the dates it specifies."""

    action: Name
    specified_dates: Annotated[tuple[Day, ...], Field(min_length=1)]
    description: Text | None = None


class CountAttested(Entry):
    """The transfer agent's own count on a day: of a class, a holder or a certificate."""

    of: Name
    shares: Quantity
    by: Name | None = None


class BankClosureDeclared(Entry):
    """§5(f)(i) - A day on which banks were or will be closed that no published calendar knows."""

    closed_on: Day
    reason: Text | None = None


class CertificateAmended(Entry):
    """§8(b) - Numbers of the certificate amended, in force from the effective day."""

    terms: Annotated[dict[Name, Any], Field(min_length=1), AfterValidator(amendable)]


FACTS: dict[str, type[Entry]] = {kind.__name__: kind for kind in Entry.__subclasses__()}
"""The kinds that say what happened, by their word."""


class EntryVoided(Entry):
    """An entry that never was: out of every answer from the moment this is recorded."""

    entry: EntryNumber
    reason: Text | None = None


class EntryCorrected(Entry):
    """An entry put right: from the moment this is recorded the replacement stands in its place."""

    entry: EntryNumber
    replacement: Annotated[
        Entry,
        BeforeValidator(lambda line: read_entry(line, FACTS)),
        PlainSerializer(lambda entry: entry.line(), return_type=dict),
    ]
    kind: Literal["clerical", "amendment"] | None = None
    reason: Text | None = None


KINDS: dict[str, type[Entry]] = {**FACTS, EntryVoided.__name__: EntryVoided, EntryCorrected.__name__: EntryCorrected}
"""Every kind a journal may hold, by its word."""


def amends(entry: Entry) -> TypeGuard[EntryCorrected | EntryVoided]:
    """Whether an entry corrects or voids another. It is asked of every entry, and `isinstance` of models is slow."""
    return type(entry) in (EntryCorrected, EntryVoided)
