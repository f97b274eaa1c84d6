"""Whether this person may be admitted: age, schooling, certificate, background, readmission (A-01 to A-17, A-37)."""

from __future__ import annotations

from datetime import date

from partyreg.rulebook.admission_facts import AdmissionFacts, Schooling
from partyreg.rulebook.book import Rulebook
from partyreg.rulebook.dates import add_months, add_working_days, calendar_months, months_between
from partyreg.rulebook.finding import Finding, Severity, judged, msg


def age(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the age is right, counted by month (A-01, A-02). Governing day: the cell's consideration."""
    least = book.on("admission.min_age_months", day)
    most = book.on("admission.max_age_months", day)
    code, field = "admission.age", "born_on"
    if facts.born_on is None:
        text = msg("Chưa có ngày sinh nên chưa tính được tuổi. Nhập ngày sinh theo lý lịch.")
        return [judged(code, field, Severity.BLOCK, text, least.citation)]
    if facts.born_on > day:
        text = msg("Ngày sinh %(born_on)s sau ngày chi bộ xét (%(day)s). Kiểm tra lại ngày sinh.")
        return [judged(code, field, Severity.BLOCK, text, born_on=facts.born_on, day=day)]
    full, by_month = months_between(facts.born_on, day), calendar_months(facts.born_on, day)
    shown: dict[str, object] = {"years": full // 12, "months": full % 12, "day": day}
    if full < least.required:
        shown |= {"least": least.required // 12, "from_day": add_months(facts.born_on, least.required)}
        if by_month >= least.required:
            text = msg(
                "Tính theo tháng thì đủ %(least)s tuổi, nhưng đến ngày xét %(day)s còn thiếu vài ngày. Nếu cần chắc "
                "chắn, xét từ ngày %(from_day)s."
            )
            return [judged(code, field, Severity.WARN, text, least.citation, **shown)]
        text = msg(
            "Người vào Đảng mới %(years)s tuổi %(months)s tháng khi chi bộ xét (%(day)s); phải đủ %(least)s tuổi, "
            "tính theo tháng. Chi bộ xét từ ngày %(from_day)s."
        )
        return [judged(code, field, Severity.BLOCK, text, least.citation, **shown)]
    if by_month <= most.required:
        text = msg("Đủ tuổi: %(years)s tuổi %(months)s tháng khi chi bộ xét (%(day)s).")
        return [judged(code, field, Severity.OK, text, least.citation, **shown)]
    return _over_age(facts, full, most.required, day, book, shown)


def _over_age(facts: AdmissionFacts, full: int, most: int, day: date, book: Rulebook, shown: dict[str, object]) -> list[Finding]:
    consent = book.on("admission.over_age_consent", day)
    shown |= {"most": most // 12, "body": consent.required}
    code = "admission.over_age"
    if facts.consent_over_60:
        text = msg("Trên %(most)s tuổi (%(years)s tuổi %(months)s tháng), đã có đồng ý bằng văn bản của %(body)s.")
        return [judged(code, "consent_over_60", Severity.OK, text, consent.citation, **shown)]
    if full <= most:
        text = msg("Vừa quá %(most)s tuổi trong tháng này. Đối chiếu cách tính tuổi theo tháng trước khi chi bộ xét.")
        return [judged(code, "born_on", Severity.WARN, text, consent.citation, **shown)]
    text = msg(
        "Người vào Đảng đã %(years)s tuổi %(months)s tháng, trên %(most)s tuổi. Phải có đồng ý bằng văn bản trước của "
        "%(body)s; xin ý kiến rồi ghi vào hồ sơ."
    )
    return [judged(code, "consent_over_60", Severity.BLOCK, text, consent.citation, **shown)]


def schooling(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the schooling suffices (A-03, A-04). Governing day: the cell's consideration."""
    code, field = "admission.schooling", "schooling"
    usual = book.on("admission.min_schooling", day)
    if facts.schooling is None:
        text = msg("Chưa ghi trình độ học vấn. Ghi trình độ đã hoàn thành theo văn bằng.")
        return [judged(code, field, Severity.BLOCK, text, usual.citation)]
    if facts.schooling.reaches(Schooling[usual.required]):
        return [judged(code, field, Severity.OK, msg("Trình độ học vấn đạt yêu cầu."), usual.citation)]
    if facts.is_prestigious_elder:
        elder = book.on("admission.elder_schooling", day)
        if facts.schooling.reaches(Schooling[elder.required]):
            text = msg(
                "Già làng, trưởng bản, người có uy tín: biết đọc, biết viết là đủ nếu có đồng ý bằng văn bản của ban "
                "thường vụ cấp ủy trực thuộc Trung ương. Kiểm tra văn bản đó trong hồ sơ."
            )
            return [judged(code, field, Severity.WARN, text, elder.citation)]
    if facts.in_hard_area:
        hard = book.on("admission.min_schooling_hard_area", day)
        if facts.schooling.reaches(Schooling[hard.required]):
            text = msg("Vùng cao, biên giới, vùng đồng bào dân tộc hoặc đặc biệt khó khăn: hoàn thành tiểu học là đủ.")
            return [judged(code, field, Severity.OK, text, hard.citation)]
    text = msg(
        "Trình độ học vấn chưa đạt: phải hoàn thành chương trình trung học cơ sở (vùng đặc biệt khó khăn: tiểu học). "
        "Bổ sung văn bằng, hoặc đánh dấu diện vùng khó khăn nếu đúng."
    )
    return [judged(code, field, Severity.BLOCK, text, usual.citation)]


def application(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the application stands before the cell's consideration. Governing day: the same (form 1A-KNĐ)."""
    code, field = "admission.application", "applied_on"
    cite = book.on("admission.application", day).citation
    if facts.applied_on is None:
        text = msg("Chưa có đơn xin vào Đảng. Ghi ngày đơn trước khi trình hồ sơ.")
        return [judged(code, field, Severity.BLOCK, text, cite)]
    if facts.applied_on > day:
        text = msg("Ngày đơn %(applied_on)s sau ngày chi bộ xét (%(day)s). Kiểm tra lại hai ngày này.")
        return [judged(code, field, Severity.BLOCK, text, cite, applied_on=facts.applied_on, day=day)]
    text = msg("Có đơn xin vào Đảng ngày %(applied_on)s.")
    return [judged(code, field, Severity.OK, text, cite, applied_on=facts.applied_on)]


def certificate(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the awareness certificate is valid (A-05). Governing day: the cell's consideration."""
    code, field = "admission.certificate", "certificate_on"
    rule = book.on("admission.certificate_months", day)
    if facts.certificate_on is None:
        text = msg("Chưa có Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng. Cử đi học, rồi ghi ngày cấp giấy chứng nhận.")
        return [judged(code, field, Severity.BLOCK, text, rule.citation)]
    until = add_months(facts.certificate_on, rule.required)
    shown: dict[str, object] = {"on": facts.certificate_on, "until": until, "months": rule.required, "day": day}
    if facts.certificate_on > day:
        text = msg("Giấy chứng nhận cấp ngày %(on)s, sau ngày xét (%(day)s). Kiểm tra lại hai ngày này.")
        return [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    if day > until:
        text = msg(
            "Giấy chứng nhận bồi dưỡng nhận thức về Đảng cấp ngày %(on)s chỉ có giá trị %(months)s tháng, đến "
            "%(until)s, nên ngày %(day)s đã hết giá trị. Phải học lại lớp bồi dưỡng."
        )
        return [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    text = msg("Giấy chứng nhận bồi dưỡng nhận thức về Đảng còn giá trị đến %(until)s.")
    return [judged(code, field, Severity.OK, text, rule.citation, **shown)]


def background(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the background check is concluded, in order and in time (A-14, A-15).

    Governing day: the day it was asked for; before that, the cell's consideration. Days are working days.
    """
    code, field = "admission.background", "background_concluded_on"
    asked, concluded = facts.background_asked_on, facts.background_concluded_on
    order = book.on("admission.background_before_vote", day)
    if concluded is None:
        text = msg("Chưa có kết luận thẩm tra lý lịch. Chỉ trình hồ sơ sau khi thẩm tra xong; ghi số, ngày văn bản kết luận.")
        findings = [judged(code, field, Severity.BLOCK, text, order.citation)]
    elif asked is not None and concluded < asked:
        text = msg("Ngày kết luận thẩm tra %(concluded)s trước ngày yêu cầu %(asked)s. Kiểm tra lại hai ngày này.")
        findings = [judged(code, field, Severity.BLOCK, text, concluded=concluded, asked=asked)]
    elif facts.considered_on is not None and concluded > facts.considered_on:
        text = msg(
            "Kết luận thẩm tra ngày %(concluded)s sau ngày chi bộ xét (%(considered)s). Phải thẩm tra xong lý lịch rồi chi bộ mới xét."
        )
        findings = [
            judged(
                code,
                field,
                Severity.BLOCK,
                text,
                order.citation,
                concluded=concluded,
                considered=facts.considered_on,
            )
        ]
    else:
        text = msg("Đã kết luận thẩm tra lý lịch ngày %(concluded)s.")
        findings = [judged(code, field, Severity.OK, text, order.citation, concluded=concluded)]
    if asked is not None:
        rule = book.on("admission.background_days" + ("_abroad" if facts.background_abroad else ""), asked)
        due = add_working_days(asked, rule.required, facts.days_off)
        if (concluded or day) > due:
            text = msg(
                "Thẩm tra lý lịch quá hạn: yêu cầu ngày %(asked)s, phải trả lời trong %(days)s ngày làm việc, đến "
                "%(due)s. Đôn đốc nơi thẩm tra và ghi lý do."
            )
            findings.append(
                judged(
                    "admission.background_late",
                    "background_asked_on",
                    Severity.WARN,
                    text,
                    rule.citation,
                    asked=asked,
                    days=rule.required,
                    due=due,
                )
            )
    return findings


def readmission(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether one who left may come back (A-37, A-38). Governing day: the cell's consideration."""
    if not facts.is_readmission:
        return []
    wait = book.on("admission.readmission_months", day)
    consent = book.on("admission.readmission_consent", day)
    once = book.on("admission.readmission_times", day)
    findings = []
    code, field = "admission.readmission_wait", "left_on"
    if facts.left_on is None:
        text = msg("Kết nạp lại: chưa ghi ngày ra khỏi Đảng. Ghi ngày theo quyết định cũ.")
        findings.append(judged(code, field, Severity.BLOCK, text, wait.citation))
    else:
        start = add_months(facts.left_on, wait.required)
        late = day < start
        text = (
            msg("Kết nạp lại: chưa đủ %(months)s tháng từ khi ra khỏi Đảng (%(left_on)s). Xét từ ngày %(start)s.")
            if late
            else msg("Kết nạp lại: đã đủ %(months)s tháng từ khi ra khỏi Đảng (%(left_on)s).")
        )
        severity = Severity.BLOCK if late else Severity.OK
        findings.append(
            judged(
                code,
                field,
                severity,
                text,
                wait.citation,
                months=wait.required,
                left_on=facts.left_on,
                start=start,
            )
        )
    has = facts.readmission_consent
    text = (
        msg("Kết nạp lại: đã có đồng ý bằng văn bản của %(body)s.")
        if has
        else msg("Kết nạp lại phải có đồng ý bằng văn bản của %(body)s. Xin ý kiến rồi ghi vào hồ sơ.")
    )
    findings.append(
        judged(
            "admission.readmission_consent",
            "readmission_consent",
            Severity.OK if has else Severity.BLOCK,
            text,
            consent.citation,
            body=consent.required,
        )
    )
    if facts.times_readmitted >= once.required:
        text = msg("Chỉ được kết nạp lại %(times)s lần; người này đã được kết nạp lại %(before)s lần trước đó.")
        findings.append(
            judged(
                "admission.readmission_once",
                "times_readmitted",
                Severity.BLOCK,
                text,
                once.citation,
                times=once.required,
                before=facts.times_readmitted,
            )
        )
    if facts.left_by_request:
        never = book.on("admission.readmission_never", day)
        text = msg(
            "Người này đã tự xin ra khỏi Đảng: không xét kết nạp lại, trừ trường hợp gia đình đặc biệt khó khăn. Kiểm tra lý do ra "
            "khỏi Đảng trong hồ sơ cũ trước khi chi bộ xét."
        )
        findings.append(judged("admission.readmission_never", "left_on", Severity.WARN, text, never.citation))
    return findings
