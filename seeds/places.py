"""The organisation of the report: three former communes, 12 grassroots cells and 21 village cells.

Eleven villages are named by the report; the other ten names, all founding dates and sizes are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from partyreg.org.models import Block, UnitKind

from .names import DAO, KHANG, KHO_MU, KINH, MONG, THAI

MERGED_ON = dt.date(2025, 7, 1)
ROOT = "muong-chien"
ROOT_NAME = "Đảng bộ xã Mường Chiên"
MERGER_PAPER = "Quyết định thành lập Đảng bộ xã (hợp nhất ba đảng bộ xã), hiệu lực 01/7/2025"


@dataclass(frozen=True, slots=True)
class Former:
    """A commune organisation that went into the new one."""

    code: str
    name: str
    short: str
    founded_on: dt.date


CHIENG_KHAY = Former("chieng-khay-cu", "Đảng bộ xã Chiềng Khay (cũ)", "Chiềng Khay", dt.date(1961, 5, 10))
CA_NANG = Former("ca-nang-cu", "Đảng bộ xã Cà Nàng (cũ)", "Cà Nàng", dt.date(1962, 3, 15))
MUONG_CHIEN = Former("muong-chien-cu", "Đảng bộ xã Mường Chiên (cũ)", "Mường Chiên", dt.date(1960, 9, 2))
FORMERS = (CHIENG_KHAY, CA_NANG, MUONG_CHIEN)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `size` is its number of members on the day of the merger, `peoples` the shares of its people."""

    code: str
    name: str
    kind: UnitKind
    block: Block
    former: Former
    founded_on: dt.date
    size: int
    peoples: tuple[tuple[str, int], ...]
    village: str | None = None
    has_committee: bool = True

    @property
    def is_village(self) -> bool:
        """Whether it is the cell of a village."""
        return self.kind is UnitKind.VILLAGE_CELL


_STAFF = ((THAI, 66), (KINH, 20), (KHANG, 6), (DAO, 5), (MONG, 3))
_TEACHERS = ((THAI, 60), (KINH, 30), (KHANG, 5), (DAO, 3), (MONG, 2))
_MIX = {
    THAI: ((THAI, 96), (KHANG, 2), (KINH, 1), (KHO_MU, 1)),
    KHANG: ((KHANG, 80), (THAI, 18), (KHO_MU, 2)),
    DAO: ((DAO, 92), (THAI, 8)),
    MONG: ((MONG, 96), (THAI, 4)),
}


def _office(code: str, name: str, block: Block, former: Former, founded: tuple[int, int, int], size: int, school: bool = False) -> Cell:
    peoples = _TEACHERS if school else _STAFF
    kind = UnitKind.GRASSROOTS_CELL
    return Cell(f"cb-{code}", f"Chi bộ {name}", kind, block, former, dt.date(*founded), size, peoples)


def _village(code: str, village: str, former: Former, year: int, size: int, people: str, committee: bool = True) -> Cell:
    founded = dt.date(year, 1 + size % 12, 1 + size % 28)
    return Cell(
        f"cb-{code}", f"Chi bộ bản {village}", UnitKind.VILLAGE_CELL, Block.VILLAGE, former, founded, size,
        _MIX[people], village, committee,
    )  # fmt: skip


_S = Block.SCHOOLS
CELLS: tuple[Cell, ...] = (
    _office("co-quan-dang", "Cơ quan Đảng", Block.PARTY, MUONG_CHIEN, (1994, 6, 1), 26),
    _office("uy-ban", "Ủy ban nhân dân xã", Block.GOVERNMENT, MUONG_CHIEN, (1994, 6, 1), 42),
    _office("quan-su", "Quân sự xã", Block.ARMED_FORCES, MUONG_CHIEN, (2021, 3, 1), 9),
    _office("cong-an", "Công an xã", Block.ARMED_FORCES, MUONG_CHIEN, (2020, 11, 1), 16),
    _office("tram-y-te", "Trạm Y tế xã", Block.HEALTH, MUONG_CHIEN, (2003, 4, 1), 14),
    _office("thcs-chieng-khay", "Trường PTDTBT THCS Chiềng Khay", _S, CHIENG_KHAY, (1998, 9, 1), 26, True),
    _office("th-chieng-khay", "Trường Tiểu học Chiềng Khay", _S, CHIENG_KHAY, (1996, 9, 1), 28, True),
    _office("mn-chieng-khay", "Trường Mầm non Chiềng Khay", _S, CHIENG_KHAY, (2006, 9, 1), 18, True),
    _office("truong-ca-nang", "Trường TH và THCS Cà Nàng", _S, CA_NANG, (1997, 9, 1), 30, True),
    _office("mn-ca-nang", "Trường Mầm non Cà Nàng", _S, CA_NANG, (2007, 9, 1), 17, True),
    _office("truong-muong-chien", "Trường TH và THCS Mường Chiên", _S, MUONG_CHIEN, (1995, 9, 1), 25, True),
    _office("mn-muong-chien", "Trường Mầm non Mường Chiên", _S, MUONG_CHIEN, (2005, 9, 1), 16, True),
    _village("khau-pum", "Khâu Pùm", CHIENG_KHAY, 1974, 27, DAO),
    _village("long-o", "Lọng Ố", CHIENG_KHAY, 1971, 31, KHANG),
    _village("it-ta-bot", "Ít Ta Bót", CHIENG_KHAY, 1989, 17, MONG, False),
    _village("phieng-bay", "Phiêng Bay", CHIENG_KHAY, 1965, 38, THAI),
    _village("nam-ngua", "Nặm Ngùa", CHIENG_KHAY, 1976, 26, KHANG),
    _village("na-pong", "Nà Pồng", CHIENG_KHAY, 1964, 41, THAI),
    _village("pu-hoc", "Pú Hốc", CHIENG_KHAY, 1993, 14, MONG, False),
    _village("ta-khoang", "Tà Khoang", CHIENG_KHAY, 1980, 22, DAO),
    _village("huoi-pho", "Huổi Pho", CA_NANG, 1968, 33, THAI),
    _village("huoi-pha", "Huổi Pha", CA_NANG, 1978, 24, KHANG),
    _village("co-noi", "Có Nọi", CA_NANG, 1967, 36, THAI),
    _village("pa-lau", "Pá Lầu", CA_NANG, 1972, 29, THAI),
    _village("nam-lot", "Nặm Lót", CA_NANG, 1982, 19, DAO, False),
    _village("co-phat", "Co Phát", CA_NANG, 1966, 37, THAI),
    _village("huoi-xanh", "Huổi Xanh", CA_NANG, 1999, 8, MONG, False),
    _village("bon", "Bon", MUONG_CHIEN, 1962, 47, THAI),
    _village("quyen", "Quyền", MUONG_CHIEN, 1963, 39, THAI),
    _village("he", "Hé", MUONG_CHIEN, 1963, 35, THAI),
    _village("phieng-puc", "Phiêng Pục", MUONG_CHIEN, 1970, 28, THAI),
    _village("na-ke", "Nà Kẹ", MUONG_CHIEN, 1979, 21, KHANG),
    _village("long-khoang", "Lọng Khoang", MUONG_CHIEN, 1966, 37, THAI),
)
BY_CODE = {cell.code: cell for cell in CELLS}
