"""Invented persons and organisations with identifiers that pass the checks.

Numbers are random but well-formed: the 12 digits of a citizen's number carry
birth province, century, sex and year; the 10 digits of an enterprise code end
in the check digit of Circular 105/2020/TT-BTC. Nobody is meant.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Scheme = Literal["vn:cccd", "vn:mst"]

SURNAMES: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý",
    "Đinh", "Mai", "Trịnh", "Cao", "Lương", "Phan", "Đoàn", "Tạ", "Hồ", "Quách", "Nghiêm",
)  # fmt: skip
MALE_MIDDLE: Final = ("Văn", "Đức", "Xuân", "Quang", "Minh", "Hữu", "Công", "Đình", "Mạnh", "Thế")
FEMALE_MIDDLE: Final = ("Thị", "Thị Thu", "Ngọc", "Thị Hồng", "Thúy", "Thị Bích", "Diệu", "Khánh")
MALE_NAMES: Final = (
    "Hải", "Dũng", "Tuấn", "Thắng", "Việt", "Khoa", "Nghĩa", "Phúc", "Trường", "Quyết",
    "Bình", "Đạt", "Hưởng", "Lượng", "Sỹ", "Kiên", "Tiến", "Vượng", "Hiệp", "Khuê",
)  # fmt: skip
FEMALE_NAMES: Final = (
    "Hương", "Nguyệt", "Hằng", "Thảo", "Yến", "Quỳnh", "Phượng", "Tuyết", "Vân", "Mỹ",
    "Huyền", "Duyên", "Oanh", "Ánh", "Thủy", "Loan", "Hòa", "Nhẫn", "Diễm", "Thơ",
)  # fmt: skip
STREETS: Final = (
    "Nguyễn Văn Linh", "Phạm Ngũ Lão", "Điện Biên", "Chu Mạnh Trinh", "Hải Thượng Lãn Ông",
    "Triệu Quang Phục", "Lê Lai", "Bãi Sậy", "Tô Hiệu", "Trần Hưng Đạo", "Đinh Điền",
)  # fmt: skip
WARDS: Final = (
    "phường Phố Hiến", "phường Hồng Châu", "phường Sơn Nam", "phường Mỹ Hào", "xã Văn Giang",
    "xã Khoái Châu", "xã Yên Mỹ", "xã Tiên Lữ", "xã Ân Thi", "xã Như Quỳnh", "phường Đường Hào",
)  # fmt: skip
TRADES: Final = (
    "Thiết bị Y tế", "Công nghệ Sinh học", "Vật liệu Xây dựng", "Cơ khí Chính xác",
    "Đo lường và Kiểm định", "Nông nghiệp Sạch", "Giải pháp Phần mềm", "Thực phẩm", "Điện tử",
)  # fmt: skip
FANCY: Final = (
    "Phố Hiến", "Hồng Phúc", "An Khánh", "Đại Dương", "Tân Thịnh", "Việt Quỳnh", "Lạc Hồng",
    "Sông Luộc", "Thành Đạt", "Hoa Sữa", "Trường Thọ", "Bách Việt", "Nguyệt Đức",
)  # fmt: skip

_MST_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a paper is about. ``birth`` and ``sex`` are of the person, else of the head."""

    scheme: Scheme
    id: str
    name: str
    address: str
    birth: date
    sex: Literal["Nam", "Nữ"]
    representative: str
    representative_id: str
    phone: str


def mst_check_digit(nine: str) -> str | None:
    """Check digit of an enterprise code; None where no valid code begins so.

    Circular 105/2020/TT-BTC, Appendix 1: weights 31 29 23 19 17 13 7 5 3, sum
    modulo 11 taken from 10.

    >>> mst_check_digit("010004751")
    '6'
    """
    total = sum(int(digit) * weight for digit, weight in zip(nine, _MST_WEIGHTS, strict=True))
    rest = total % 11
    return str(10 - rest) if rest else None


def invent_mst(rng: random.Random) -> str:
    """A 10-digit enterprise code of Hưng Yên's tax office (09) with its check digit."""
    while True:
        nine = f"09{rng.randrange(10**7):07d}"
        digit = mst_check_digit(nine)
        if digit is not None:
            return nine + digit


def invent_cccd(rng: random.Random, birth: date, sex: str) -> str:
    """A 12-digit citizen's number that agrees with birth year and sex (domain: QĐ 124/2004)."""
    century = 2 * (birth.year // 100 - 19) + (1 if sex == "Nữ" else 0)
    province = rng.choice(("033", "033", "033", "034", "001", "030", "031"))
    return f"{province}{century}{birth.year % 100:02d}{rng.randrange(10**6):06d}"


def invent_name(rng: random.Random, sex: str) -> str:
    """A full name, surname first."""
    middle = FEMALE_MIDDLE if sex == "Nữ" else MALE_MIDDLE
    given = FEMALE_NAMES if sex == "Nữ" else MALE_NAMES
    return f"{rng.choice(SURNAMES)} {rng.choice(middle)} {rng.choice(given)}"


def invent_address(rng: random.Random) -> str:
    """An address in two levels (no district since 01/7/2025)."""
    ward = rng.choice(WARDS)
    if ward.startswith("xã"):
        return f"Thôn {rng.choice(FANCY)}, {ward}, tỉnh Hưng Yên"
    return f"Số {rng.randint(2, 480)} đường {rng.choice(STREETS)}, {ward}, tỉnh Hưng Yên"


def invent_organisation_name(rng: random.Random) -> str:
    """A company's name."""
    form = rng.choice(("Công ty Cổ phần", "Công ty TNHH", "Công ty TNHH Một thành viên"))
    return f"{form} {rng.choice(TRADES)} {rng.choice(FANCY)}"


def make_subject(scheme: Scheme, seed: int) -> Subject:
    """The invented subject number ``seed`` of a scheme, always the same."""
    rng = random.Random(f"subject|{scheme}|{seed}")  # noqa: S311 - test data, not secrets
    sex: Literal["Nam", "Nữ"] = rng.choice(("Nam", "Nữ"))
    birth = date(1962, 1, 1) + timedelta(days=rng.randrange(14500))
    person = invent_name(rng, sex)
    person_id = invent_cccd(rng, birth, sex)
    company = scheme == "vn:mst"
    return Subject(
        scheme=scheme,
        id=invent_mst(rng) if company else person_id,
        name=invent_organisation_name(rng) if company else person,
        address=invent_address(rng),
        birth=birth,
        sex=sex,
        representative=person,
        representative_id=person_id,
        phone=f"09{rng.randrange(10**8):08d}",
    )
