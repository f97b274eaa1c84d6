"""Invented names, drawn from lists of usual family, middle and given names of each people of the commune."""

from __future__ import annotations

from random import Random

from partyreg.members.models import Sex

THAI, KHANG, DAO, MONG, KINH, KHO_MU = "Thái", "Kháng", "Dao", "Mông", "Kinh", "Khơ Mú"

_FAMILIES = {
    THAI: "Lò Quàng Cà Điêu Lường Hoàng Tòng Cầm Bạc Lừ Hà Vì Mè Là".split(),
    KHANG: "Lò Lường Quàng Hoàng Cầm Tòng Ly".split(),
    DAO: "Bàn Triệu Đặng Lý Phùng Dương Chảo Tẩn".split(),
    MONG: "Giàng Vàng Thào Sùng Mùa Lầu Hạng Cứ Sồng".split(),
    KINH: "Nguyễn Trần Lê Phạm Vũ Đỗ Bùi Đinh Phan Ngô".split(),
    KHO_MU: "Lò Quàng Cút Moong Lường Seo".split(),
}
_MALE_MIDDLES = {
    THAI: "Văn Văn Văn Minh Đức Thanh Quang Trọng".split(),
    KHANG: "Văn Văn Văn Thanh".split(),
    DAO: "Văn Văn Phúc Tiến Đức".split(),
    MONG: "A A A A Bả Nhìa Giống".split(),
    KINH: "Văn Đình Quang Minh Đức Hữu Ngọc Xuân".split(),
    KHO_MU: "Văn Văn Xuân".split(),
}
_FEMALE_MIDDLES = {
    THAI: "Thị Thị Thị Thu Thanh".split(),
    KHANG: "Thị Thị Thị Thu".split(),
    DAO: "Thị Thị Mùi Thu".split(),
    MONG: "Thị Thị Y".split(),
    KINH: "Thị Thị Thu Minh Ngọc Thanh".split(),
    KHO_MU: "Thị Thị Thu".split(),
}
_MALE = (
    "An Ánh Bình Biên Bun Chiến Chính Chung Công Cương Cường Dũng Duy Đại Đạt Định Đoàn Đông Đồng Giang Hải Hạnh Hậu Hiền "
    "Hiệp Hiếu Hoan Hoàn Hợp Hùng Hưng Huy Inh Khánh Khiêm Khoa Khuyên Kiên Lâm Lả Liêm Linh Long Luân Lượng Mạnh Minh "
    "Muôn Nam Nghĩa Ngoan Nguyên Nhất Nhân Ón Phong Phú Phúc Phương Pâng Quân Quý Quyết Sáng Sinh Sơn Sung Tài Tâm Tân "
    "Thắng Thanh Thành Thiện Thiết Thịnh Thoa Thuận Thương Tiến Tiếp Tính Toàn Trọng Trung Trường Tuấn Tùng Tươi Văn Việt "
    "Vinh Vui Xiên Xuân Yên"
).split()
_FEMALE = (
    "Ánh Bích Biên Bua Chiêm Chung Cúc Dung Duyên Đào Diệu Giang Hà Hạnh Hằng Hậu Hiên Hiền Hoa Hoài Hòa Hồng Huệ Hương "
    "Hường Huyền Kim Lan Lả Liên Liễu Linh Loan Luyến Lương Mai Mây Minh Nga Ngân Ngọc Nguyệt Nhàn Nhung Oanh Phương "
    "Phượng Quyên Sen Tâm Thảo Thắm Thanh Thoa Thơm Thu Thúy Thủy Tiên Tình Tuyết Tươi Vân Vui Xuân Xuyến Yến"
).split()
_MONG_MALE = "Páo Chu Dơ Dế Sử Tủa Vàng Nủ Súa Lử Chống Khua Say Phử Tếnh Dia Cháng Sinh Lềnh Thắng Hồng Sáng Nhè Trá Vư Của".split()
_MONG_FEMALE = "Dợ Mỷ Sua Dua Pàng Chía Mái Ganh Sú Vang Chư Máy Nhia Dung Hoa Lan".split()


class Names:
    """Draws names and avoids giving one twice as long as there are others."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def draw(self, ethnicity: str, sex: Sex) -> str:
        """A full name usual among that people."""
        name = ""
        for _ in range(60):
            name = self._one(ethnicity, sex)
            if name not in self._used:
                break
        self._used.add(name)
        return name

    def _one(self, ethnicity: str, sex: Sex) -> str:
        rng = self._rng
        male = sex is Sex.MALE
        usual = (_MALE if male else _FEMALE) if ethnicity != MONG else (_MONG_MALE if male else _MONG_FEMALE)
        given = rng.choice(usual)
        middle = rng.choice((_MALE_MIDDLES if male else _FEMALE_MIDDLES)[ethnicity])
        if middle == given:
            middle = "Văn" if male else "Thị"
        return f"{rng.choice(_FAMILIES[ethnicity])} {middle} {given}"
