"""Where §4, §6, §8 and §10 are silent on redemption, votes, consents and record dates; and Common Stock replaced."""

from ledger.readings.reading import Reading

REDEMPTION_AND_VOTES = (
    Reading(
        "redemption-conversion",
        clause="§6",
        question="May noticed shares still convert?",
        taken="yes, until the redemption date begins; a conversion first takes shares not noticed, and the lesser of"
        " noticed and left is redeemed; a notice follows shares into new certificates pro rata",
        rejected="no, from the notice on",
        moves="how many shares a redemption takes",
    ),
    Reading(
        "redemption-allocation",
        clause="§6",
        question="Which shares in a partial redemption?",
        taken="those the notice lists",
        rejected="pro rata by law",
        moves="a finding where it is not pro rata",
    ),
    Reading(
        "redemption-unpaid",
        clause="§6",
        question="Are redeemed shares outstanding until paid?",
        taken="no; the price is a debt",
        rejected="yes",
        moves="accrual and votes end on the redemption date",
    ),
    Reading(
        "votes",
        clause="§4",
        question="Does the multiple of 100 bind the votes?",
        taken="in lots",
        rejected="every share votes",
        moves="150 shares at 1,388.89 have 138,889 votes, or 208,333",
        offered=("in lots", "every share"),
        detail="whole votes, floored for each holder; a lot that does not bind a whole position (reading lot) does not"
        " bind its votes",
    ),
    Reading(
        "votes-after-change",
        clause="§4 §5(d)",
        question="What are the votes once Common Stock was changed into other securities?",
        taken="those of the Common Stock itself, into which shares still convert and which votes beside them; other"
        " securities and cash carry none, in whosever hands",
        rejected="as many as there are shares of the successor's stock",
        moves="after a merger into a successor's stock alone Series H has no votes of the Company",
    ),
    Reading(
        "common-replaced",
        clause="§5(c) §5(d) §5(e)(i)",
        question="What holds of section 5 once all Common Stock has become something else?",
        taken="the stock that took its place, all but cash together with what had been received beside it before,"
        " counts as the Common from then on. Common outstanding, the base of 5(e)(i), is multiplied by the shares of"
        " it that stand for one of Common; conversions add what they are due of it, and a revocation takes that away."
        " Pending notices receive what all Common receives, cash for what Common became is paid with the delivery,"
        " rounded with that for a fraction, and no shares are delivered where none is due. Where only cash is left no"
        " sale adjusts anything. How much of the stock is authorized is unknown until an entry says so, and none of it"
        " is to be reserved",
        rejected="pending notices stay due in Common that is no more, and the base stays what it was before",
        moves="36,388,890 of Common, 1,388,890 of it pending, each become 0.25 of a successor's share and $0.04:"
        " 9,097,222.5 shares, 347,222.5 of them and $55,555.60 due on the notice. 1,000,000 sold then at $0.36"
        " multiply the rate by 1.0521 and not by 1.0136",
    ),
    Reading(
        "majority",
        clause="§4 §8",
        question="What is a majority of 5,100?",
        taken="more than half of the outstanding shares",
        rejected="more than half of those voting",
        moves="2,550 are not enough, 2,550.01 are",
    ),
    Reading(
        "consents",
        clause="§4 §8",
        question="What of several consents of one holder to one action, and of a record date fixed for it?",
        taken="each is for further shares; together they count for at most what the holder holds when it is taken,"
        " since 8(a) speaks of the shares then outstanding. A record date fixes votes (§4)",
        rejected="the last one replaces those before",
        moves="a holder of 2,000 that consents with 1,000 twice has consented with 2,000 and not with 1,000",
    ),
    Reading(
        "approvals",
        clause="§8(b)",
        question="Which amendment does the approval of a charter amendment approve?",
        taken="those of one day, the first on or after the action was taken, where a majority had consented to it by"
        " then; of what is taken while no share is outstanding no amendment is approved",
        rejected="whatever the charter amendment says, which the ledger does not read",
        moves="approved on 11 July, an amendment of the 12th needs nothing more, and one of August does",
    ),
    Reading(
        "record-notice",
        clause="§10",
        question="Ten business days before which date?",
        taken="the earliest date the notice specifies",
        rejected="the record date only",
        moves="when the notice must be mailed",
        detail="a split, combination or stock dividend is a recapitalization, of which notice is owed as of the day it"
        " takes effect; a consolidation counts as a merger, and a change of control as none of the events; a record for"
        " a vote alone is of no right that anybody receives, and needs no notice",
    ),
)
