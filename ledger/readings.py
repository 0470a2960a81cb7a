"""Where the certificate is silent: the question, the reading taken, those rejected, and what the choice moves.

Every reading is registered here under a stable id and is named by every explanation that rests on it. Where
alternatives are offered, the terms file chooses between them with one line of data; the other readings are fixed, for
counsel to see.
"""

from dataclasses import dataclass
from typing import Any

from ledger.fields import broken, shown


@dataclass(frozen=True, slots=True)
class Reading:
    """A registered reading: `taken` is in force unless the terms choose one of `offered` instead.

    `detail` says what a short name leaves open.
    """

    id: str
    clause: str
    question: str
    taken: str
    rejected: str
    moves: str
    offered: tuple[str, ...] = ()
    detail: str = ""


REGISTERED: dict[str, Reading] = {
    reading.id: reading
    for reading in (
        Reading(
            "date-hereof",
            "§2 §3 §5(e) §8",
            "Which day is the date hereof?",
            "2001-04-12, as signed",
            "the day of filing, which is not public",
            "a sale below the threshold on the day itself adjusts nothing",
        ),
        Reading(
            "accrual-start",
            "§2",
            "From when does a share accrue?",
            "its effective day of issue",
            "the date hereof for every share",
            "a share issued later owes nothing for the days before",
        ),
        Reading(
            "day-count",
            "§2",
            "Which fraction of a year has passed?",
            "30/360 US",
            "the actual days",
            "58 days to 2001-06-10 are $82,166.67 on 5,100 shares; 59 actual days $82,438.36 or $83,583.33",
            ("30/360 US", "Actual/365 Fixed", "Actual/360"),
            "a full quarter is exactly 2.5%; both days February ends: d2 = 30; start a February end: d1 = 30; d2 = 31 "
            "and d1 >= 30: d2 = 30; d1 = 31: d1 = 30. One span from the accrual start to the day asked, less what was "
            "paid; a period's accrual is the difference of two spans; an amendment of the rate cuts the span",
        ),
        Reading(
            "accrual-days",
            "§2 §6",
            "Which days count?",
            "the first included, the last excluded, for payment, conversion and redemption alike",
            "both included",
            "one day, $27.78 on 100 shares",
        ),
        Reading(
            "arrears",
            "§2",
            "Do unpaid dividends compound?",
            "no: cumulative, not compounding",
            "interest at the dividend rate on what is unpaid",
            "nothing accrues on arrears",
        ),
        Reading(
            "payment-roll",
            "§2",
            "When is a payment date that is no business day due?",
            "the next business day, same amount",
            "the day itself, or the business day before",
            "10 June 2001 is a Sunday: due Monday 11 June",
        ),
        Reading(
            "dividend-allocation",
            "§2",
            "How is a payment shared?",
            "in proportion to what each certificate has accrued and unpaid through the nominal payment date, one paid "
            "beyond that date taking no part; an earlier payment, or more than that rounded half up to the cent, is "
            "refused; a residue under a cent of either sign is carried exactly and settles the item, for every "
            "payment; paid amounts are kept by certificate and move pro rata with its shares; shares converted or "
            "redeemed before the payment take no part",
            "by shares held",
            "who carries what is left unpaid",
        ),
        Reading(
            "in-arrears",
            "§2",
            "When is a dividend in arrears?",
            "unpaid after its due day, rolled, has passed",
            "unpaid on the payment date",
            "on 10 and 11 June 2001 the first dividend is due, on the 12th in arrears",
        ),
        Reading(
            "conversion-accrual",
            "§2",
            "Whose dividends fall due on a Conversion Date?",
            "those of the shares converted",
            "those of all shares outstanding",
            "only the converted shares' dividends become payable at once",
        ),
        Reading(
            "after-hours",
            "§5(f)(i)",
            "When is a notice received that comes outside business hours?",
            "at the next opening; 9:00:00 and 17:00:00 are inside",
            "when it came",
            "Friday 17:01 is Monday 9:00: three days' accrual, and any sale of Common between",
        ),
        Reading(
            "banks-open",
            "§5(f)(i)",
            "On which days are banks open in Palm Beach County?",
            "all but weekends, Federal Reserve holidays and declared closures; a Sunday holiday moves to Monday, a "
            "Saturday one does not move; Juneteenth from 2022; a closure counts as soon as it is known, whatever its "
            "effective day",
            "the federal government's calendar, which moves Saturday holidays to Friday",
            "which days count towards a deadline",
        ),
        Reading(
            "conversion-moment",
            "§2 §5(f)(i)",
            "When do preferred shares end and Common Stock begin?",
            "at the deemed receipt of the notice; pending Common counts as outstanding",
            "on delivery",
            "accrual stops, and the base of a later adjustment grows, before delivery",
        ),
        Reading(
            "lot",
            "§5(a)",
            "Does the multiple of 100 bind a conversion in whole?",
            "binds every notice",
            "a holder's whole position is exempt",
            "150 shares can be converted in whole only under the alternative",
            ("binds every notice", "whole position exempt"),
        ),
        Reading(
            "rate",
            "§5(b)",
            "1,388.89 or 1,000 / 0.72?",
            "1,388.89 literally, kept exactly, never rounded after an adjustment",
            "1,388.888...",
            "100 shares convert into 138,889 and not 138,888.888...",
        ),
        Reading(
            "rate-scope",
            "§5(e)(iii)",
            "One rate for the series, or one for each lot?",
            "one for the series, shares issued later included; it adjusts even while no share is outstanding",
            "a rate for each issue",
            "a share issued after an adjustment converts at the adjusted rate",
        ),
        Reading(
            "dilution-base",
            "§5(e)(i)",
            "What is the Common Stock outstanding immediately prior?",
            "issued Common with pending conversions, without treasury shares; not fully diluted",
            "fully diluted",
            "a larger base would soften every adjustment",
        ),
        Reading(
            "dilution-order",
            "§5(e)(i)",
            "What of several issuances on a day?",
            "one adjustment for each, in timeline order",
            "one for the day",
            "the second base holds the first issue",
        ),
        Reading(
            "dilution-threshold",
            "§5(e)(i)",
            "Does $0.72 move after a split?",
            "literal",
            "it scales with the split",
            "after a 2-for-1 split a sale at $0.40 adjusts or does not",
            ("literal", "scales with splits"),
            "a sale adjusts where its price is strictly less than the threshold",
        ),
        Reading(
            "dilution-self",
            "§5(e)(i)",
            "Is a conversion of Series H itself a sale below $0.72?",
            "no",
            "yes, at $1,000 / 1,388.89 = $0.7199994",
            "no conversion adjusts the rate",
        ),
        Reading(
            "dilution-convertibles",
            "§5(e)(i)",
            "What of convertibles sold later?",
            "they adjust when their Common is issued, at what was paid for it in all",
            "when they are sold",
            "the Series K sale of November 2001 adjusts nothing until its conversion",
        ),
        Reading(
            "dilution-offered",
            "§5(e)(i)",
            "Shares offered for sale, or sold?",
            "sold and paid for; gross of commissions",
            "offered",
            "an offer not taken up adjusts nothing",
        ),
        Reading(
            "delivered-differs",
            "§5(f) §5(h)",
            "What if other than what was due is delivered?",
            "what was due stays counted from the Conversion Date; the difference is a finding",
            "what was delivered counts",
            "Common outstanding rests on entitlement",
        ),
        Reading(
            "fractions",
            "§5(h)",
            "Fractional Common on conversion?",
            "cash at the Conversion Date's market price, on the total of the notice",
            "a fraction for each certificate",
            "at most one fraction a notice",
        ),
        Reading(
            "delivery-window",
            "§5(f)(i)",
            "Three business days from what, to when?",
            "from the receipt of the originals (outside business hours at the next opening, and not before the "
            "Conversion Date), that day excluded, to 17:00:00 on the third; revocation lies after that",
            "seventy-two hours",
            "originals on Friday 9 November 2001 give until Thursday the 15th",
        ),
        Reading(
            "instruction-cures",
            "§5(f)(i)",
            "Does contacting the transfer agent in time defeat revocation?",
            "cures",
            "either failure alone revokes",
            "whether a notice instructed but not delivered in time can be revoked",
            ("cures", "either failure revokes"),
            "contacting the transfer agent after the window cures nothing",
        ),
        Reading(
            "revocation-deadline",
            "§5(f)(i)",
            "How long may the holder revoke after a failed delivery?",
            "until delivery",
            "a reasonable time",
            "a notice delivered late can no longer be revoked",
        ),
        Reading(
            "revocation-restores",
            "§5(f)(i)",
            "What does a revocation undo?",
            "the conversion, as if never made: shares, certificate, accrual from its old start (what was paid counts "
            "as paid), at today's rate; adjustments made meanwhile are not reopened; the shares rejoin what is left "
            "under their certificate's number, or stand alone under it if it has moved on; a redemption that took "
            "effect meanwhile is not reopened",
            "the adjustments too",
            "an adjustment whose base held the pending Common stays",
        ),
        Reading(
            "redemption-conversion",
            "§6",
            "May noticed shares still convert?",
            "yes, until the redemption date begins; a conversion first takes shares not noticed, and the lesser of "
            "noticed and left is redeemed; a notice follows shares into new certificates pro rata",
            "no, from the notice on",
            "how many shares a redemption takes",
        ),
        Reading(
            "redemption-allocation",
            "§6",
            "Which shares in a partial redemption?",
            "those the notice lists",
            "pro rata by law",
            "a finding where it is not pro rata",
        ),
        Reading(
            "redemption-unpaid",
            "§6",
            "Are redeemed shares outstanding until paid?",
            "no; the price is a debt",
            "yes",
            "accrual and votes end on the redemption date",
        ),
        Reading(
            "votes",
            "§4",
            "Does the multiple of 100 bind the votes?",
            "in lots",
            "every share votes",
            "150 shares at 1,388.89 have 138,889 votes, or 208,333",
            ("in lots", "every share"),
            "whole votes, floored for each holder",
        ),
        Reading(
            "majority",
            "§4 §8",
            "What is a majority of 5,100?",
            "more than half of the outstanding shares",
            "more than half of those voting",
            "2,550 are not enough, 2,550.01 are",
        ),
        Reading(
            "record-notice",
            "§10",
            "Ten business days before which date?",
            "the earliest date the notice specifies",
            "the record date only",
            "when the notice must be mailed",
        ),
    )
}


def chosen(choices: Any) -> dict[str, str]:
    """The reading in force for every question that offers a choice: the default where a terms file is silent."""
    if not isinstance(choices, dict):
        raise broken("readings-must-be-a-table", f"{shown(choices)} is no table of readings")
    for name, choice in choices.items():
        reading = REGISTERED.get(name)
        if reading is None or not reading.offered:
            raise broken("reading-must-be-offered", f"{shown(name)} is no reading that can be chosen")
        if choice not in reading.offered:
            among = " or ".join(repr(option) for option in reading.offered)
            raise broken("reading-must-be-offered", f"{shown(choice)} is not offered for {name}: choose {among}")
    return {reading.id: choices.get(reading.id, reading.taken) for reading in REGISTERED.values() if reading.offered}
