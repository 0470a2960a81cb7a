"""The ledger as the page keeps it open: one at a time asks it, and what another process records is seen at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from ledger.application import Ledger
from ledger.errors import LedgerError, LedgerMustExist, RecordMustBeReadable
from ledger.ledger_file import LedgerFile
from ledger.places import Place


@dataclass
class Desk:
    """A ledger's place, and the ledger that is open on it."""

    place: Place
    _ledger: Ledger | None = None
    _file: tuple[int, int] | None = None
    _turn: RLock = field(default_factory=RLock)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, for one question at a time: a book takes in what was recorded while it is asked.

        It is opened anew where another file was put in its place, and after anything that may have left it halfway.
        """
        with self._turn:
            file = self._identity()
            if self._ledger is None or file != self._file:
                self.close()
                self._ledger, self._file = Ledger.open(self.place), file
            try:
                yield self._ledger
            except BaseException as error:
                if not isinstance(error, LedgerError) or isinstance(error, RecordMustBeReadable):
                    self.close()
                raise

    def _identity(self) -> tuple[int, int]:
        if not isinstance(self.place, LedgerFile):
            return 0, 0  # only a file can be another under the same name
        try:
            told = self.place.path.stat()
        except OSError:
            self.close()
            raise LedgerMustExist(path=self.place) from None
        return told.st_dev, told.st_ino

    def close(self) -> None:
        """Close the ledger, if it is open."""
        with self._turn:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None
