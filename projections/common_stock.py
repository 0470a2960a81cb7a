"""§5(j) - The Common Stock: outstanding with pending conversions, authorized, and reserved for conversion."""

from ledger.clauses import adjustment, reservation
from ledger.figures import quantity
from ledger.position.state import COMMON, Position


def common(position: Position) -> dict[str, str | None]:
    """§5(j) - Shares of Common Stock; `authorized` and what is available are null until the ledger knows them."""
    stock = position.common
    return {
        "outstanding": quantity(stock.outstanding),
        "authorized": quantity(stock.authorized) if stock.authorized is not None else None,
        "reserve_required": quantity(reservation.required(position.outstanding, position.common_rate)),
        "reserve_available": quantity(reservation.available(stock.authorized, stock.outstanding))
        if stock.authorized is not None
        else None,
    }


def counted_in(position: Position) -> str:
    """§5(d) - The stock in which Common is counted once none is left (common-replaced); nothing while some is."""
    if COMMON in position.into:
        return ""
    return " and ".join(adjustment.in_place_of(COMMON, position.into)) or "no stock, all having become cash"
