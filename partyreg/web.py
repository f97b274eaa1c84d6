"""The one door: areas whose every route names the permission it needs, one commit a request, error pages, security headers."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_login
from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from . import audit
from .access import Actor, Permission
from .db import db, read_only
from .errors import Conflict, Forbidden, NotVisible, RuleBroken
from .i18n import LOCALES, _, is_english, select_locale, speak
from .menu import navigation
from .press import press
from .signs import icon

csrf = CSRFProtect()
login = flask_login.LoginManager()

#: For doors without a sign-in (sign-in itself, health).
PUBLIC = "public"
#: For doors open to whoever is signed in.
SIGNED_IN = "signed-in"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Pages hold personal data: neither browsers nor proxies keep them.
NO_STORE = "no-store"

View = Callable[..., Any]


class Area(Blueprint):
    """A blueprint whose routes cannot be declared without saying whom they are for.

    The view's first argument is the actor, with the door's permission named in it. A writing request is committed once, when
    the view has answered with a status below 400; otherwise everything is rolled back, and a refused deed leaves its line in the audit.
    """

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.needs: dict[str, Permission | str] = {}
        self.watching: set[str] = set()

    def get(self, rule: str, *, needs: Permission | str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A door for reading."""
        return self._door(rule, needs, ["GET"], options)

    def watched(self, rule: str, *, needs: Permission | str, **options: Any) -> Callable[[View], View]:
        """A door for reading what must not be read unseen: the view notes the reading by a deed, and that is committed."""

        def declare(view: View) -> View:
            self.watching.add(view.__name__)
            return self._door(rule, needs, ["GET"], options)(view)

        return declare

    def post(self, rule: str, *, needs: Permission | str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A door for a deed."""
        return self._door(rule, needs, ["POST"], options)

    def form(self, rule: str, *, needs: Permission | str, **options: Any) -> Callable[[View], View]:
        """A door that shows a form and takes it."""
        return self._door(rule, needs, ["GET", "POST"], options)

    def route(self, rule: str, **options: Any) -> Any:
        """Refused: every route names what it needs, by `get`, `post` or `form`."""
        raise TypeError(f"{self.name}: route {rule!r} must be declared with get, post or form, and needs=")

    def _door(self, rule: str, needs: Permission | str, methods: list[str], options: dict[str, Any]) -> Callable[[View], View]:
        if needs not in (PUBLIC, SIGNED_IN):
            needs = Permission(needs)

        def declare(view: View) -> View:
            endpoint = options.pop("endpoint", view.__name__)
            if self.needs.setdefault(endpoint, needs) != needs:
                raise TypeError(f"{self.name}.{endpoint} is declared with two different needs")
            self.add_url_rule(rule, endpoint, _guarded(view, needs), methods=methods, **options)
            return view

        return declare


def _guarded(view: View, needs: Permission | str) -> View:
    @functools.wraps(view)
    def behind_the_door(**values: Any) -> Any:
        writing = not read_only.get()
        try:
            if needs == PUBLIC:
                actor: Actor | None = None
            else:
                user = flask_login.current_user
                if not user.is_authenticated:
                    return _to_sign_in()
                actor = user.actor
                if isinstance(needs, Permission):
                    if not actor.may(needs):
                        raise Forbidden(needs.value)
                    actor = actor.using(needs)
            answer = view(actor, **values)
            response = current_app.make_response(answer)
            if writing:
                if response.status_code < 400:
                    audit.forget_refusals()
                    db.session.commit()
                else:
                    _undo(needs)
            return response
        except BaseException:
            _undo(needs)
            raise

    return behind_the_door


def _undo(needs: Permission | str) -> None:
    """Everything is rolled back; that a deed was refused is on record, unless nobody has signed in (a failed sign-in is a deed itself)."""
    db.session.rollback()
    if needs == PUBLIC:
        audit.forget_refusals()
        return
    try:
        if audit.note_refusals():
            db.session.commit()
    except OperationalError as error:  # the answer still says why the deed was refused
        db.session.rollback()
        current_app.logger.error("a refusal is not on record: %s", error.orig)


def _to_sign_in() -> AnyResponse:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted if wanted != "/" else None))


def needs_of(app: Flask) -> dict[str, Permission | str]:
    """Endpoint -> what it needs, for every route of every area."""
    return {
        f"{area.name}.{view}": needs for area in app.blueprints.values() if isinstance(area, Area) for view, needs in area.needs.items()
    }


def init_web(app: Flask) -> None:
    """CSRF, sign-in, headers, error pages and the template globals are in place."""
    csrf.init_app(app)
    login.init_app(app)
    login.login_view = "accounts.sign_in"
    login.session_protection = None
    app.after_request(_finish)
    app.before_request(_open)
    app.teardown_request(_close)
    app.url_map.converters["int"] = KeyConverter
    app.context_processor(_context)
    app.jinja_env.globals.update(asset=_Assets(Path(app.static_folder or "static")), icon=icon)
    for error, handler in _HANDLERS.items():
        app.register_error_handler(error, handler)


class KeyConverter(IntegerConverter):
    """A row's key in an address; a number that no key can be is an address that does not exist."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def _close(_error: BaseException | None) -> None:
    read_only.set(False)


def _open() -> None:
    """Before anything is read: whether this request only reads, and which language it speaks."""
    read_only.set(request.method in ("GET", "HEAD", "OPTIONS") and not _is_watched())
    asked = request.args.get("lang")
    if asked in LOCALES and session.get("lang") != asked:
        session["lang"] = asked
    speak(select_locale())


def _is_watched() -> bool:
    """Whether the door notes who comes to read."""
    area = current_app.blueprints.get(request.blueprint or "")
    return isinstance(area, Area) and (request.endpoint or "").rpartition(".")[2] in area.watching


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers.setdefault("Cache-Control", NO_STORE)
    else:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if request.args.get("v") else "public, max-age=3600"
    return press(request, response)


class _Assets:
    """`asset('css/app.css')`: a static file's address with a hash of its content, so browsers may keep it for ever."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, tuple[float, str]] = {}

    def __call__(self, name: str) -> str:
        path = self.folder / name
        changed = path.stat().st_mtime
        if self.known.get(name, (math.nan, ""))[0] != changed:
            self.known[name] = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        return url_for("static", filename=name, v=self.known[name][1])


def _context() -> dict[str, Any]:
    user = flask_login.current_user
    actor: Actor | None = user.actor if user.is_authenticated else None
    return {
        "actor": actor, "nav": navigation(actor), "locale": select_locale(), "english": is_english(), "csrf_token": generate_csrf,
        "demo": current_app.extensions.get("partyreg.is_demo", lambda: False)(), "Permission": Permission,
        "bootstrap_css": url_for("bootstrap.static", filename="css/bootstrap.min.css", v="1"),
    }  # fmt: skip


# -- errors -----------------------------------------------------------------------------------------------------------


def _page(code: int, title: str, text: str, advice: str, **more: Any) -> tuple[str, int]:
    return render_template("errors/error.html", code=code, title=title, text=text, advice=advice, **more), code


def _not_found(_error: Exception) -> tuple[str, int]:
    return _page(404, _("Không tìm thấy"), _("Không có trang hoặc hồ sơ này trong phạm vi của đồng chí."),
                 _("Hãy kiểm tra lại địa chỉ, hoặc quay về trang đầu và tìm từ danh sách."))  # fmt: skip


def _forbidden(_error: Exception) -> tuple[str, int]:
    return _page(403, _("Không thuộc nhiệm vụ của đồng chí"), _("Vai trò của đồng chí không có việc này."),
                 _("Xem “Bảng quyền” để biết ai làm được việc gì; cần thêm quyền thì đề nghị quản trị."))  # fmt: skip


def _conflict(error: Conflict) -> tuple[str, int]:
    return _page(409, _("Có người đã sửa trước"), str(error), _("Không có gì bị ghi đè. Hãy xem bản đang lưu, rồi sửa lại nếu vẫn cần."),
                 mine=error.mine, theirs=error.theirs)  # fmt: skip


def _stale(_error: StaleDataError) -> tuple[str, int]:
    return _conflict(Conflict(_("Bản ghi vừa được người khác sửa trong lúc đồng chí đang lưu.")))


def _clash(error: IntegrityError) -> tuple[str, int]:
    current_app.logger.warning("integrity error: %s", error.orig)
    return _conflict(Conflict(_("Bản ghi trùng hoặc mâu thuẫn với dữ liệu vừa được lưu.")))


def _broken(error: RuleBroken) -> tuple[str, int]:
    return _page(422, _("Chưa thực hiện được"), _("Việc này chưa đủ điều kiện:"), _("Hãy bổ sung rồi làm lại; chưa có gì được ghi."),
                 findings=error.findings)  # fmt: skip


def _busy(error: OperationalError) -> tuple[str, int]:
    current_app.logger.error("database error: %s", error.orig)
    text, advice = _("Chưa ghi được lúc này; chưa có gì bị mất."), _("Đợi vài giây rồi bấm lưu lại.")
    return _page(503, _("Cơ sở dữ liệu đang bận"), text, advice)


def _csrf(error: CSRFError) -> tuple[str, int]:
    return _page(400, _("Trang đã mở quá lâu"), _("Mã bảo vệ của biểu mẫu đã hết hạn hoặc thiếu."),
                 _("Quay lại trang trước (nội dung vẫn còn), tải lại rồi lưu lần nữa."))  # fmt: skip


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    texts = {
        404: lambda: _not_found(error), 403: lambda: _forbidden(error),
        405: lambda: _page(405, _("Không dùng được cách gọi này"), _("Địa chỉ này không nhận cách gửi như vậy."), _("Quay về trang đầu.")),
        413: lambda: _page(413, _("Nội dung quá lớn"), _("Biểu mẫu hoặc tệp vượt quá giới hạn."), _("Hãy rút gọn rồi gửi lại.")),
    }  # fmt: skip
    return texts.get(
        code,
        lambda: _page(code, _("Yêu cầu không hợp lệ"), _("Máy chủ không hiểu yêu cầu này."), _("Quay về trang đầu và thử lại.")),
    )()


def _failure(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    where = request.url_rule if "secret" in (request.view_args or {}) else request.path  # a log keeps no secret address
    current_app.logger.exception("unexpected error at %s", where, exc_info=error)
    return _page(500, _("Có lỗi trong hệ thống"), _("Việc vừa rồi chưa được ghi; dữ liệu cũ vẫn nguyên."),
                 _("Thử lại một lần; nếu vẫn lỗi, báo quản trị kèm giờ xảy ra lỗi."))  # fmt: skip


_HANDLERS: dict[type[Exception], Callable[[Any], Any]] = {
    NotVisible: _not_found, Forbidden: _forbidden, Conflict: _conflict, StaleDataError: _stale, IntegrityError: _clash,
    RuleBroken: _broken, OperationalError: _busy, CSRFError: _csrf, HTTPException: _http, Exception: _failure,
}  # fmt: skip


# -- what every area's views use --------------------------------------------------------------------------------------


def done(message: str, endpoint: str, **values: Any) -> AnyResponse:
    """Go to the page that shows the result, with one line saying what was done (after the commit)."""
    flash(message, "ok")
    return redirect(url_for(endpoint, **values))


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved under `name`; `kind` is csv, xlsx, docx, pdf, svg or png."""
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "svg": "image/svg+xml",
        "png": "image/png",
    }
    return Response(content, mimetype=types[kind], headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})


class Page:
    """One page of a longer list, and the addresses of its neighbours."""

    def __init__(self, number: int, size: int, total: int) -> None:
        self.size, self.total = size, total
        self.pages = max(1, math.ceil(total / size))
        self.page = min(max(1, number), self.pages)
        self.offset = (self.page - 1) * size
        self.first = self.offset + 1 if total else 0
        self.last = min(total, self.offset + size)

    def url(self, number: int) -> str:
        """The address of another page of the same list."""
        asked = {key: value for key, value in request.args.items() if key != "endpoint" and not key.startswith("_")}
        return url_for(request.endpoint or "", **{**(request.view_args or {}), **asked, "page": number})


def keep() -> None:
    """Commit at once what the request has done so far, though its answer will be a refusal (a failed sign-in is counted)."""
    db.session.commit()
