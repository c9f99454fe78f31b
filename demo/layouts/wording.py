"""Subjects, legal grounds and articles: invented matter in the wording of such papers."""

import random
from datetime import date
from typing import Final

from demo.layouts.bodies import Body
from demo.papers.wording import day, long_day, some_day

FIELDS: Final = (
    "hộ tịch", "chứng thực", "đất đai", "khám bệnh, chữa bệnh", "giáo dục trung học", "trồng trọt",
    "an toàn, vệ sinh lao động", "đăng ký, quản lý cư trú", "thi đua - khen thưởng", "lâm nghiệp",
    "tiêu chuẩn đo lường chất lượng", "xuất bản, in và phát hành", "khoáng sản", "bảo trợ xã hội",
    "thành lập và hoạt động của doanh nghiệp", "kinh doanh khí", "giải quyết khiếu nại, tố cáo",
)  # fmt: skip
_ACTS: Final = (
    "công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực {a}",
    ("công bố Danh mục {n} thủ tục hành chính mới ban hành; {m} thủ tục hành chính bị bãi bỏ trong "
     "lĩnh vực {a}, {b}"),
    "phê duyệt quy trình nội bộ giải quyết thủ tục hành chính lĩnh vực {a}",
    "công bố thủ tục hành chính được thay thế trong các lĩnh vực: {a}; {b}",
    "ban hành Quy chế phối hợp giải quyết thủ tục hành chính theo cơ chế một cửa liên thông",
    "công bố chuẩn hóa Bộ thủ tục hành chính lĩnh vực {a}",
    "bãi bỏ Quyết định số {old} ngày {d}",
    "giao chỉ tiêu kế hoạch năm {y}",
)  # fmt: skip
_REACHES: Final = (
    "", " thuộc phạm vi chức năng quản lý của {body}", " thuộc thẩm quyền giải quyết của {body}",
    " áp dụng trên địa bàn tỉnh", " thuộc thẩm quyền giải quyết của UBND cấp huyện, UBND cấp xã",
    (" thuộc phạm vi, chức năng quản lý nhà nước của {body}, Ủy ban nhân dân các huyện, thị xã, "
     "thành phố"), " (lần 2)", " giai đoạn 2025 - 2030",
)  # fmt: skip


def matter(rng: random.Random, body: Body) -> str:
    """What the paper is about, without "Về việc"."""
    first, second = rng.sample(FIELDS, 2)
    text = rng.choice(_ACTS) + rng.choice(_REACHES)
    moment = some_day(rng)
    return text.format(
        a=first, b=second, n=f"{rng.randint(2, 40):02d}", m=f"{rng.randint(1, 9):02d}",
        body=body.full, y=moment.year, d=day(moment), old=f"{rng.randint(20, 3000)}/QĐ-UBND",
    )  # fmt: skip


_GROUNDS: Final = (
    ("Nghị định số {s} ngày {d} của Chính phủ về kiểm soát thủ tục hành chính", "{n}/{y}/NĐ-CP"),
    (("Thông tư số {s} ngày {d} của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ hướng dẫn nghiệp vụ "
      "về kiểm soát thủ tục hành chính"), "{n}/{y}/TT-VPCP"),
    ("Thông tư liên tịch số {s} ngày {d} hướng dẫn thực hiện", "{n}/{y}/TTLT-BTP-BTNMT"),
    ("Luật Tổ chức chính quyền địa phương số {s} ngày {d}", "{n}/{y}/QH15"),
    ("Pháp lệnh số {s} ngày {d}", "{n}/{y}/UBTVQH14"),
    ("Quyết định số {s} ngày {d} của Bộ trưởng Bộ Y tế về việc công bố thủ tục hành chính",
     "{n}/QĐ-BYT"),
    ("Quyết định số {s} ngày {d} của Bộ Công an về việc công bố thủ tục hành chính",
     "{n}/QĐ-BCA-C06"),
    ("Quyết định số {s} ngày {d} của Ủy ban nhân dân tỉnh ban hành quy chế", "{n}/{y}/QĐ-UBND"),
    ("Nghị quyết số {s} ngày {d} của Hội đồng nhân dân tỉnh", "{n}/{y}/NQ-HĐND"),
    ("Công văn số {s} ngày {d} của Văn phòng Chính phủ", "{n}/VPCP-KSTT"),
    ("Kế hoạch số {s} ngày {d} của Ủy ban nhân dân tỉnh", "{n}/KH-UBND"),
)  # fmt: skip


def grounds(rng: random.Random, body: Body, issued: date) -> list[tuple[str, str]]:
    """Sentences of the legal grounds with the symbol that each cites."""
    found = []
    for pattern, symbol in rng.sample(_GROUNDS, rng.randint(3, 6)):
        moment = some_day(rng, date(2010, 1, 5), issued)
        number = symbol.format(n=f"{rng.randint(1, 2900):02d}", y=moment.year)
        written = rng.choice((day(moment), long_day(moment).removeprefix("ngày ")))
        sentence = "Căn cứ " + pattern.format(s=number, d=written)
        found.append((sentence + ";", number))
    number = f"{rng.randint(1, 900):02d}/TTr-{'STP' if body.code == 'UBND' else body.code}"
    proposal = f"Theo đề nghị của Giám đốc Sở Tư pháp tại Tờ trình số {number} ngày"
    found.append((f"{proposal} {day(some_day(rng, date(2020, 1, 2), issued))}.", number))
    return found


ARTICLES: Final = (
    "Công bố kèm theo Quyết định này Danh mục thủ tục hành chính (có Phụ lục kèm theo).",
    "Giao các cơ quan, đơn vị xây dựng quy trình nội bộ, cập nhật Cơ sở dữ liệu quốc gia.",
    "Quyết định này có hiệu lực thi hành kể từ ngày ký.",
)
LAST_ARTICLE: Final = (
    "Chánh Văn phòng, Giám đốc các Sở, Chủ tịch Ủy ban nhân dân các huyện, thành phố và các tổ "
    "chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./."
)
