"""§1 to §10 - A journal in which every kind of entry stands, for the pairs that no chance is to leave out."""

from __future__ import annotations

from typing import Any

Fields = dict[str, Any]


def _line(event: str, effective: str, **fields: Any) -> Fields:
    return {"event": event, "effective": effective, **fields}


def _on(event: str, effective: str, notice: str, **fields: Any) -> Fields:
    return _line(event, effective, notice=notice, **fields)


def _notice(effective: str, notice: str, certificate: str, shares: str, **fields: Any) -> Fields:
    surrendered = [{"certificate": certificate, "shares": shares}]
    return _on("NoticeOfConversionReceived", effective, notice, holder="Holder A", surrendered=surrendered, **fields)


WHOLE: tuple[Fields, ...] = (
    _line("CommonStockOpened", "2001-04-12", outstanding="35000000", authorized="99999999", par_value="0.05"),
    _line("HolderRegistered", "2001-04-12", holder="Holder A", name="A trust", address="West Palm Beach"),
    _line("PreferredSharesIssued", "2001-04-12", holder="Holder A", certificate="H-1", shares="2000"),
    _line("PreferredSharesIssued", "2001-04-12", holder="Holder B", certificate="H-2", shares="1500.5", ref="REF-4"),
    _line("PreferredSharesTransferred", "2001-05-01", certificate="H-2", into=[
        {"holder": "Holder B", "certificate": "H-3", "shares": "1000"},
        {"holder": "Holder C", "certificate": "H-4", "shares": "500.5"},
    ]),
    _line("CertificateReplaced", "2001-05-02", certificate="H-4", new_certificate="H-5", reason="lost",
          indemnity="bond"),
    _line("PreferredSharesReacquired", "2001-05-03", certificate="H-5", shares="100", price="95000.00"),
    _line("FundsSetApart", "2001-06-01", purpose="dividend", payable_on="2001-06-10", amount="50000.00"),
    _line("DividendPaid", "2001-06-11", payable_on="2001-06-10", amount="50000.00"),
    _line("OtherClassDividendPaid", "2001-06-20", stock="Common Stock", amount="1000.00"),
    _notice("2001-07-02T10:00:00-04:00", "N-1", "H-1", "500"),
    _on("OriginalsReceived", "2001-07-03T10:00:00-04:00", "N-1"),
    _on("TransferAgentInstructed", "2001-07-05T10:00:00-04:00", "N-1"),
    _on("CommonSharesDelivered", "2001-07-06T10:00:00-04:00", "N-1", shares="694445", cash_in_lieu="0.00",
        balance_certificates=[{"certificate": "H-1", "new_certificate": "H-6"}]),
    _on("ConversionDividendPaid", "2001-07-06T11:00:00-04:00", "N-1", amount="1000.00"),
    _notice("2001-07-20T18:30:00-04:00", "N-2", "H-6", "300", copies=False),
    _on("NoticeCompleted", "2001-07-21T12:00:00-04:00", "N-2"),
    _on("OriginalsReceived", "2001-07-23T12:00:00-04:00", "N-2"),
    _on("NoticeOfConversionRevoked", "2001-07-27T12:00:00-04:00", "N-2"),
    _notice("2001-08-01T12:00:00-04:00", "N-3", "H-6", "100", fractions="issue"),
    _line("CommonSharesIssued", "2001-08-02", shares="5000000", cash="2250000"),
    _line("CommonSharesRetired", "2001-08-03", shares="1000"),
    _line("CommonStockSplit", "2001-08-06", new_shares="3", old_shares="2", action="A-1"),
    _line("CommonAuthorizationChanged", "2001-08-07", authorized="230000000"),
    _line("RecordDateSet", "2001-08-08", action="A-1", record_date="2001-08-20", purpose="vote"),
    _line("RecordDateNoticeMailed", "2001-08-09", action="A-1", specified_dates=["2001-08-20"]),
    _line("ConsentGiven", "2001-08-20", action="A-1", holder="Holder A", shares="1000"),
    _line("ActionTaken", "2001-08-21", action="A-1", kind="charter_amendment", description="a split"),
    _line("CertificateAmended", "2001-08-22", terms={"conversion_rate": "2100"}),
    _line("CountAttested", "2001-08-23", of="preferred", shares="2900.5", by="the transfer agent"),
    _line("BankClosureDeclared", "2001-08-24", closed_on="2001-08-27", reason="hurricane"),
    _line("RedemptionNoticeMailed", "2001-09-01", redemption="R-1", redemption_date="2001-10-03", representation=True,
          shares=[{"certificate": "H-3", "shares": "400"}], holders=["Holder B"]),
    _line("SharesRedeemed", "2001-10-03", redemption="R-1"),
    _line("RedemptionPricePaid", "2001-10-10", redemption="R-1", certificate="H-3", amount="400000.00",
          balance_certificate="H-7"),
    _line("CommonStockReclassified", "2001-10-12", into=[
        {"security": "Common Stock", "per_share": "1"}, {"security": "Class B", "per_share": "0.5"},
    ]),
    _line("ReorganizationEffected", "2001-10-15", kind="merger", successor="Successor", assumed_in_writing=True),
    _line("LiquidationCommenced", "2001-11-01", kind="voluntary", assets_available="9000000"),
    _line("LiquidationDistributionPaid", "2001-11-05", amount="1000000.00"),
    _line("EntryCorrected", "2001-11-06", entry=11, kind="clerical", reason="it was more", replacement=_line(
        "OtherClassDividendPaid", "2001-06-20", stock="Common Stock", amount="1500.00",
    )),
    _line("EntryVoided", "2001-11-06", entry=31, reason="it was another day"),
)  # fmt: skip
