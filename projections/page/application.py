"""The page as an application: which address asks what, and how every answer and every error leaves it."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from ledger.application import Ledger
from ledger.errors import LedgerError, QuestionMustBeUnderstood, WholeRecordMustBeAskedFor
from ledger.opened import Opened
from ledger.places import Where, place_of
from projections.page import dividends, duties, entries, law, log, notices, papers, rate, recording, series, waiting
from projections.page.asking import CLOCKS, OF_THIS_PAGE, Asking, words_of
from projections.page.desk import Desk
from projections.page.door import Door, WithPassword, must_be_own_form, must_be_recorder
from projections.page.errors import (
    FormMustBeShort,
    MethodMustBeGet,
    PageMustAnswer,
    PageMustBeThere,
    PersonHasLeft,
    status_of,
)
from projections.page.frame import NAVIGATION, frame
from projections.page.shown import Answer, Quoted, Section
from projections.page.spreadsheet import as_csv
from projections.page.trust import Verified, trust

_MOST = 5_000_000  # bytes of a form; a journal line has a few hundred

Answers = Callable[[Asking], Answer]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none a browser would not say where a form comes from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer carries: nothing runs, nothing is loaded from elsewhere, and no site may frame the page."""


def page(where: Where, door: Door) -> Flask:
    """The page of a ledger file, with somebody at its door."""
    app = Flask("projections.page", static_folder="static", template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=_MOST, MAX_FORM_MEMORY_SIZE=_MOST)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["leave"] = isinstance(door, WithPassword)
    desk = Desk(place_of(where))

    @app.before_request
    def come_in() -> None:
        if request.endpoint != "static":  # the stylesheet tells nothing, and the refusal wants it too
            g.person = door.admitted(request)

    @app.after_request
    def leave(response: Response) -> Response:
        response.headers.update(HEADERS)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    _answers(app, desk)
    _papers(app, desk)
    _record(app, desk)
    _leave(app, door)
    _errors(app)
    return app


def _answers(app: Flask, desk: Desk) -> None:
    """The pages and their data."""
    verified = Verified(desk.place)
    asks: dict[str, tuple[Answers, tuple[str, ...]]] = {
        "/": (series.position, ()),
        "/asof": (series.position, ()),
        "/rate": (rate.rate, ()),
        "/dividends": (dividends.dividends, ("until",)),
        "/conversions": (notices.conversions, ()),
        "/redemptions": (notices.redemptions, ()),
        "/register": (series.register, ()),
        "/holder": (series.holder, ("holder",)),
        "/obligations": (duties.obligations, ()),
        "/findings": (duties.findings, ()),
        "/log": (log.entry_log, log.FILTERS),
        "/diff": (entries.difference, ("from", "to")),
        "/certificate": (law.clauses, ()),
        "/readings": (law.readings, ()),
        "/explain": (law.explanation, ("what", "which")),
        "/verify": (partial(trust, verified=verified), ("anew",)),
    }
    one_of: dict[str, Callable[[Asking, str], Answer]] = {"entry": entries.entry, "certificate": law.clause}

    def answered(answer: Answers, known: tuple[str, ...], ending: str) -> Response:
        of_a_page = () if ending else OF_THIS_PAGE
        given = words_of(request.args, (*CLOCKS, *known, *of_a_page))

        def made(ledger: Opened) -> Response:
            asking = Asking.of(ledger, given, g.person, request.path.removesuffix(ending))
            try:
                return _written(asking, answer(asking), ending)
            except WholeRecordMustBeAskedFor as error:
                if ending:
                    raise  # whoever asks for data wants all of it, however long that takes
                return _written(asking, waiting.to_be_waited_for(asking, error), ending)

        if ending:
            return desk.complete(made)
        with desk.whole() if _wants_all(given) else desk.ledger() as ledger:
            return made(ledger)

    def ask(name: str, answer: Answers, known: tuple[str, ...], ending: str) -> None:
        endpoint, view = f"{name}{ending}", partial(answered, answer, known, ending)
        app.add_url_rule(endpoint, endpoint, view)

    for name, (answer, known) in asks.items():
        for ending in ("", ".json", ".csv") if name != "/" else ("",):
            ask(name, answer, known, ending)

    @app.get("/<any(entry, certificate):kind>/<name>")
    def one(kind: str, name: str) -> Response:
        ending = next((one for one in (".json", ".csv") if name.endswith(one)), "")
        own = name.removesuffix(ending)
        return answered(lambda asking: one_of[kind](asking, own), (), ending)


def _leave(app: Flask, door: Door) -> None:
    """The way out for whoever came in with a password, which a browser sends by itself until it is refused."""

    @app.get("/leave")
    def leave() -> Response:
        raise PersonHasLeft if isinstance(door, WithPassword) else PageMustBeThere(path=request.path)


def _papers(app: Flask, desk: Desk) -> None:
    """The files of the papers."""

    @app.get("/paper/<path:asked>", merge_slashes=False)
    def paper(asked: str) -> Response:
        given = words_of(request.args, (*CLOCKS, "holder"))

        def made(ledger: Opened) -> papers.File:
            return papers.file(Asking.of(ledger, given, g.person, request.path), asked)

        file = desk.complete(made)
        response = make_response(file.data)
        response.content_type = file.media_type
        response.headers.set("Content-Disposition", "attachment", filename=file.name)
        return response


def _record(app: Flask, desk: Desk) -> None:
    """The two steps by which a recorder records."""

    def shown(asking: Asking, title: str, sections: list[Section], status: int = 200) -> Response:
        return _html(frame(asking, title, sections, own_words=False), status)

    def asking_of(ledger: Opened) -> Asking:
        return Asking.of(ledger, {}, g.person, "/record")

    def taken(form: Callable[[Ledger], Response]) -> Response:
        must_be_own_form(request, g.person)
        try:
            with desk.recording() as ledger:
                return form(ledger)
        except LedgerError as error:
            sections = [Section("", [Quoted(str(error), "Why not")]), *recording.again(request.form)]
            with desk.ledger() as asked:
                return shown(asking_of(asked), "Not recorded", sections, status_of(error))

    @app.get("/record")
    def record() -> Response:
        given = words_of(request.args, (*CLOCKS, "kind"))
        must_be_recorder(g.person)
        with desk.ledger() as ledger:
            asking = Asking.of(ledger, given, g.person, "/record")
            return shown(asking, "Record", recording.blank(asking))

    @app.post("/record/check")
    def check() -> Response:
        def form(ledger: Ledger) -> Response:
            sections = recording.checked(ledger, recording.Sent.of(request.form))
            with desk.ledger() as asked:
                return shown(asking_of(asked), "What it would do", sections)

        return taken(form)

    @app.post("/record")
    def confirm() -> Response:
        def form(ledger: Ledger) -> Response:
            numbers, told = recording.recorded(ledger, recording.Sent.of(request.form), g.person)
            with desk.ledger() as asked:
                after = asking_of(asked)
                return shown(after, "Recorded", recording.done(after, numbers, told))

        return taken(form)


def _wants_all(given: Mapping[str, str]) -> bool:
    """Whether somebody asks for what takes long, knowing that; QuestionMustBeUnderstood for any other word than yes."""
    wanted = given.get("whole")
    if wanted not in (None, "yes"):
        hint = "Write whole=yes, or leave it out."
        raise QuestionMustBeUnderstood(what="whole in the address", why=f"It says {wanted!r}", hint=hint)
    return wanted is not None


def _written(asking: Asking, answer: Answer, ending: str) -> Response:
    if ending == ".json":
        text = json.dumps(answer.data(), indent=1, ensure_ascii=False) + "\n"
        return _file(text, "application/json", answer.status)
    if ending == ".csv":
        response = _file(as_csv(answer.rows()), "text/csv", answer.status)
        name = f"captable{asking.path.replace('/', '-').rstrip('-')}-{asking.question.day}.csv"
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response
    return _html(frame(asking, answer.title, answer.sections()), answer.status)


def _file(text: str, kind: str, status: int) -> Response:
    response = make_response(text, status)
    response.content_type = f"{kind}; charset=utf-8"
    return response


def _html(shown: dict[str, Any], status: int) -> Response:
    return make_response(render_template("page.html", **shown), status)


def _errors(app: Flask) -> None:
    """Every error in the words of the command, with its stable name."""

    def said(error: LedgerError) -> Response:
        status = status_of(error)
        if request.path.endswith(".json"):
            told = {"error": error.name, "says": [line for line in error.sentences() if line]}
            response = _file(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "application/json", status)
        else:
            first, *rest = error.sentences()
            shown = {"first": first, "rest": filter(None, rest), "name": error.name, "navigation": NAVIGATION}
            response = make_response(render_template("error.html", **shown), status)
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="captable", charset="UTF-8"'
        return response

    def unfound(error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            response = said(MethodMustBeGet(method=request.method, path=request.path))
            response.allow.update(error.valid_methods or ())  # RFC 9110, 15.5.6
            return response
        if isinstance(error, RequestEntityTooLarge):
            return said(FormMustBeShort(most=_MOST))
        if isinstance(error, InternalServerError):  # its traceback has gone to the server's log
            return said(PageMustAnswer(path=request.path))
        if isinstance(error, NotFound):
            return said(PageMustBeThere(path=request.path))
        return said(QuestionMustBeUnderstood(what="What was sent", why=error.name, hint="Ask as the page itself does."))

    app.register_error_handler(LedgerError, said)
    app.register_error_handler(HTTPException, unfound)
