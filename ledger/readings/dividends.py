"""Where §2 is silent on dividends: from which day they accrue, how days count, how a payment is shared."""

from ledger.readings.reading import Reading

DIVIDENDS = (
    Reading(
        "date-hereof",
        clause="§2 §3 §5(e) §8",
        question="Which day is the date hereof?",
        taken="2001-04-12, as signed",
        rejected="the day of filing, which is not public",
        moves="a sale below the threshold on the day itself adjusts nothing",
    ),
    Reading(
        "accrual-start",
        clause="§2",
        question="From when does a share accrue?",
        taken="its effective day of issue",
        rejected="the date hereof for every share",
        moves="a share issued later owes nothing for the days before",
    ),
    Reading(
        "day-count",
        clause="§2",
        question="Which fraction of a year has passed?",
        taken="30/360 US",
        rejected="the actual days",
        moves="58 days to 2001-06-10 are $82,166.67 on 5,100 shares; 59 actual days $82,438.36 or $83,583.33",
        offered=("30/360 US", "Actual/365 Fixed", "Actual/360"),
        detail="a full quarter is exactly 2.5%; both days February ends: d2 = 30; start a February end: d1 = 30; d2 ="
        " 31 and d1 >= 30: d2 = 30; d1 = 31: d1 = 30. One span from the accrual start to the day asked, less what was"
        " paid; a period's accrual is the difference of two spans; an amendment of the rate cuts the span",
    ),
    Reading(
        "accrual-days",
        clause="§2 §6",
        question="Which days count?",
        taken="the first included, the last excluded, for payment, conversion and redemption alike",
        rejected="both included",
        moves="one day, $27.78 on 100 shares",
    ),
    Reading(
        "arrears",
        clause="§2",
        question="Do unpaid dividends compound?",
        taken="no: cumulative, not compounding",
        rejected="interest at the dividend rate on what is unpaid",
        moves="nothing accrues on arrears",
    ),
    Reading(
        "payment-roll",
        clause="§2",
        question="When is a payment date that is no business day due?",
        taken="the next business day, same amount",
        rejected="the day itself, or the business day before",
        moves="10 June 2001 is a Sunday: due Monday 11 June",
    ),
    Reading(
        "dividend-allocation",
        clause="§2",
        question="How is a payment shared?",
        taken="in proportion to what each certificate has accrued and unpaid through the nominal payment date, one"
        " paid beyond that date taking no part; an earlier payment, or more than that rounded half up to the cent, is"
        " refused; a residue under a cent of either sign is carried exactly and settles the item, for every payment; a"
        " certificate's share is exact while its denominator has a hundred digits, and else rounded half up to a"
        " hundred decimals; paid amounts are kept by certificate and move pro rata with its shares; shares converted"
        " or redeemed before the payment take no part",
        rejected="by shares held",
        moves="who carries what is left unpaid",
    ),
    Reading(
        "in-arrears",
        clause="§2",
        question="When is a dividend in arrears?",
        taken="unpaid after its due day, rolled, has passed",
        rejected="unpaid on the payment date",
        moves="on 10 and 11 June 2001 the first dividend is due, on the 12th in arrears",
    ),
    Reading(
        "funds-set-apart",
        clause="§2 §3(c)",
        question="Which money set apart stands for what is owed, and until when?",
        taken="what was set apart for a payment date that is past due, or for none that is named; a dividend is paid"
        " out of what was set apart for its date and those before it, and then of what names none; what is distributed"
        " on the preference is paid out of what is in trust for it",
        rejected="all that was ever set apart and not paid for the very same date",
        moves="$127,500 set apart for September are no sum for the $82,166.67 in arrears for June",
    ),
    Reading(
        "conversion-accrual",
        clause="§2",
        question="Whose dividends fall due on a Conversion Date?",
        taken="those of the shares converted",
        rejected="those of all shares outstanding",
        moves="only the converted shares' dividends become payable at once",
    ),
)
