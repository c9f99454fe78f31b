"""Bodies that issue papers, as heads name them: on how many lines, under which body."""

import random
from dataclasses import dataclass
from typing import Final

from ocr.fields.lexicon import provinces

_CITIES: Final = frozenset({"Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế", "Hồ Chí Minh"})

_DEPARTMENTS: Final = (
    ("SỞ Y TẾ", "SYT", "Sở Y tế"),
    ("SỞ GIÁO DỤC|VÀ ĐÀO TẠO", "SGDĐT", "Sở Giáo dục và Đào tạo"),
    ("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "STNMT", "Sở Tài nguyên và Môi trường"),
    ("SỞ LAO ĐỘNG - THƯƠNG BINH|VÀ XÃ HỘI", "SLĐTBXH", "Sở Lao động - Thương binh và Xã hội"),
    ("SỞ VĂN HÓA, THỂ THAO|VÀ DU LỊCH", "SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ("SỞ NÔNG NGHIỆP VÀ|PHÁT TRIỂN NÔNG THÔN", "SNN", "Sở Nông nghiệp và Phát triển nông thôn"),
    ("SỞ TƯ PHÁP", "STP", "Sở Tư pháp"),
    ("THANH TRA TỈNH", "TTr", "Thanh tra tỉnh"),
    ("VĂN PHÒNG", "VP", "Văn phòng Ủy ban nhân dân"),
    ("BAN QUẢN LÝ|CÁC KHU CÔNG NGHIỆP", "BQL", "Ban Quản lý các khu công nghiệp"),
    ("BAN DÂN TỘC", "BDT", "Ban Dân tộc"),
    ("TRUNG TÂM PHỤC VỤ|HÀNH CHÍNH CÔNG", "TTPVHCC", "Trung tâm Phục vụ hành chính công"),
)
_CENTRAL: Final = (
    ("", "BỘ Y TẾ", "BYT", "Bộ Y tế", "BỘ TRƯỞNG"),
    ("", "BỘ TÀI CHÍNH", "BTC", "Bộ Tài chính", "BỘ TRƯỞNG"),
    ("", "BỘ NÔNG NGHIỆP|VÀ MÔI TRƯỜNG", "BNNMT", "Bộ Nông nghiệp và Môi trường", "BỘ TRƯỞNG"),
    ("", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", "BGDĐT", "Bộ Giáo dục và Đào tạo", "BỘ TRƯỞNG"),
    ("", "BỘ LAO ĐỘNG - THƯƠNG BINH|VÀ XÃ HỘI", "BLĐTBXH",
     "Bộ Lao động - Thương binh và Xã hội", "BỘ TRƯỞNG"),
    ("", "BỘ CÔNG AN", "BCA-C06", "Bộ Công an", "BỘ TRƯỞNG"),
    ("", "NGÂN HÀNG NHÀ NƯỚC|VIỆT NAM", "NHNN", "Ngân hàng Nhà nước Việt Nam", "THỐNG ĐỐC"),
    ("", "THANH TRA CHÍNH PHỦ", "TTCP", "Thanh tra Chính phủ", "TỔNG THANH TRA"),
    ("", "VĂN PHÒNG CHÍNH PHỦ", "VPCP", "Văn phòng Chính phủ", "BỘ TRƯỞNG, CHỦ NHIỆM"),
    ("", "BẢO HIỂM XÃ HỘI VIỆT NAM", "BHXH", "Bảo hiểm xã hội Việt Nam", "TỔNG GIÁM ĐỐC"),
    ("", "THỦ TƯỚNG CHÍNH PHỦ", "TTg", "Thủ tướng Chính phủ", "THỦ TƯỚNG"),
    ("BỘ TÀI CHÍNH", "TỔNG CỤC THUẾ", "TCT", "Tổng cục Thuế", "TỔNG CỤC TRƯỞNG"),
    ("BỘ TƯ PHÁP", "CỤC HÀNH CHÍNH TƯ PHÁP", "HCTP", "Cục Hành chính tư pháp", "CỤC TRƯỞNG"),
    ("BỘ XÂY DỰNG", "CỤC HÀNG HẢI VÀ|ĐƯỜNG THỦY VIỆT NAM", "CHHĐTVN",
     "Cục Hàng hải và Đường thủy Việt Nam", "CỤC TRƯỞNG"),
)  # fmt: skip
_DISTRICTS: Final = ("Vân Đồn", "Kim Động", "Phù Cừ", "Tam Nông", "Sông Lô", "Krông Pắc", "Cư Jút")
_COMMUNES: Final = ("Phố Hiến", "Tân Hưng", "Hồng Châu", "Đại Đồng", "Ia Grai", "Long Phước")


@dataclass(frozen=True)
class Body:
    """An issuer: lines of the head above and of its name, its code and who leads it."""

    parent: tuple[str, ...]
    name: tuple[str, ...]
    code: str
    full: str
    place: str
    leader: str
    authority: tuple[str, ...]
    """Who decides, in capitals above the legal grounds."""
    collective: bool = False
    """Whether "TM. ỦY BAN NHÂN DÂN" may stand above the leader."""


def choose_body(rng: random.Random) -> Body:
    """A body of one of the kinds, provinces' committees as often as all others together."""
    maker = rng.choice((_province,) * 5 + (_department, _department, _ministry, _ministry, _local))
    return maker(rng)


def kind_of(province: str) -> str:
    """``tỉnh`` or ``thành phố``."""
    return "thành phố" if province in _CITIES else "tỉnh"


def _committee(rng: random.Random) -> str:
    return rng.choice(("ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN"))


def _broken(rng: random.Random, first: str, second: str) -> tuple[str, ...]:
    if rng.random() < 0.75 or len(first) + len(second) > 38:
        return (first, second)
    return (f"{first} {second}",)


def _place(rng: random.Random, province: str) -> str:
    if province == "Hồ Chí Minh":
        return rng.choice(("TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Tp. Hồ Chí Minh"))
    return province


def _province(rng: random.Random) -> Body:
    province = rng.choice(provinces())
    unit = f"{kind_of(province)} {province}"
    committee = _committee(rng)
    name = _broken(rng, committee, unit.upper())
    leader = f"CHỦ TỊCH {committee} {unit.upper()}"
    return Body(
        (), name, "UBND", f"Ủy ban nhân dân {unit}", _place(rng, province), "CHỦ TỊCH",
        rng.choice(((leader,), (f"CHỦ TỊCH {committee}", unit.upper()),
                    (f"{committee} {unit.upper()}",))),
        collective=True,
    )  # fmt: skip


def _department(rng: random.Random) -> Body:
    province = rng.choice(provinces())
    unit = kind_of(province).upper() + " " + province.upper()
    parent = rng.choice(((f"UBND {unit}",), _broken(rng, _committee(rng), unit)))
    name, code, full = rng.choice(_DEPARTMENTS)
    leader = {"TTr": "CHÁNH THANH TRA", "VP": "CHÁNH VĂN PHÒNG", "BQL": "TRƯỞNG BAN"}.get(
        code, "GIÁM ĐỐC"
    )
    return Body(
        parent, tuple(name.split("|")), code, full, _place(rng, province), leader,
        (f"{leader} {full.upper()}",),
    )  # fmt: skip


def _ministry(rng: random.Random) -> Body:
    parent, name, code, full, leader = rng.choice(_CENTRAL)
    return Body(
        (parent,) if parent else (), tuple(name.split("|")), code, full, "Hà Nội", leader,
        (f"{leader} {full.upper()}",) if leader not in full.upper() else (full.upper(),),
    )  # fmt: skip


def _local(rng: random.Random) -> Body:
    if rng.random() < 0.5:
        name = rng.choice(_DISTRICTS)
        unit, parent = f"huyện {name}", ()
    else:
        name = rng.choice(_COMMUNES)
        unit = f"{rng.choice(('xã', 'phường'))} {name}"
        parent = ()
    committee = _committee(rng)
    return Body(
        parent, _broken(rng, committee, unit.upper()), "UBND", f"Ủy ban nhân dân {unit}", name,
        "CHỦ TỊCH", (f"CHỦ TỊCH {committee} {unit.upper()}",), collective=True,
    )  # fmt: skip
