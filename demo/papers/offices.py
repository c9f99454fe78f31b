"""Offices that issue the papers: names as the head of a paper writes them."""

import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Office:
    """An issuing body.

    ``parent`` and ``name`` are the lines of the head (superior body, issuer);
    ``code`` ends number symbols; ``full`` is used in running text.
    """

    parent: tuple[str, ...]
    name: tuple[str, ...]
    code: str
    full: str
    place: str
    head: str
    head_with_body: str
    unit: str = "VP"

    @property
    def deputy(self) -> str:
        return f"PHÓ {self.head}"


def _department(name: tuple[str, ...], code: str, full: str, province: str) -> Office:
    return Office(
        parent=("UBND TỈNH " + province.upper(),),
        name=name,
        code=code,
        full=f"{full} tỉnh {province}",
        place=province,
        head="GIÁM ĐỐC",
        head_with_body=f"GIÁM ĐỐC {full.upper()}",
    )


def _province(province: str) -> Office:
    return Office(
        parent=(),
        name=("ỦY BAN NHÂN DÂN", "TỈNH " + province.upper()),
        code="UBND",
        full=f"Ủy ban nhân dân tỉnh {province}",
        place=province,
        head="CHỦ TỊCH",
        head_with_body="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH " + province.upper(),
        unit="KGVX",
    )


SCIENCE: Final = _department(
    ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",), "SKHCN", "Sở Khoa học và Công nghệ", "Hưng Yên"
)
"""The department of the demo office."""

_OTHERS: Final = (
    _department(("SỞ XÂY DỰNG",), "SXD", "Sở Xây dựng", "Lào Cai"),
    _department(("SỞ GIÁO DỤC VÀ ĐÀO TẠO",), "SGDĐT", "Sở Giáo dục và Đào tạo", "Phú Thọ"),
    _department(
        ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), "SNNMT", "Sở Nông nghiệp và Môi trường", "Sơn La"
    ),
    _department(("SỞ TƯ PHÁP",), "STP", "Sở Tư pháp", "Ninh Bình"),
    _department(("SỞ CÔNG THƯƠNG",), "SCT", "Sở Công Thương", "Quảng Ngãi"),
    _province("Hưng Yên"),
    _province("Bắc Ninh"),
    _province("Đắk Lắk"),
    _province("Thái Nguyên"),
)

BUSINESS_REGISTRY: Final = Office(
    parent=("SỞ TÀI CHÍNH", "TỈNH HƯNG YÊN"),
    name=("PHÒNG ĐĂNG KÝ KINH DOANH",),
    code="ĐKKD",
    full="Phòng Đăng ký kinh doanh - Sở Tài chính tỉnh Hưng Yên",
    place="Hưng Yên",
    head="TRƯỞNG PHÒNG",
    head_with_body="TRƯỞNG PHÒNG ĐĂNG KÝ KINH DOANH",
)

HOSPITAL: Final = Office(
    parent=("SỞ Y TẾ HƯNG YÊN",),
    name=("BỆNH VIỆN ĐA KHOA", "HỒNG CHÂU"),
    code="GKSK-BVHC",
    full="Bệnh viện Đa khoa Hồng Châu",
    place="Hưng Yên",
    head="GIÁM ĐỐC",
    head_with_body="GIÁM ĐỐC BỆNH VIỆN",
)


def choose_office(rng: random.Random) -> Office:
    """The science department in half of the cases, another office otherwise."""
    return SCIENCE if rng.random() < 0.5 else rng.choice(_OTHERS)
