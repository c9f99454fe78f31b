"""Numbers as administrative papers write them: symbols, dates, codes, amounts, addresses."""

import random
from collections.abc import Callable
from typing import Final

from ocr.engines.own.training.wording import ABBREVIATIONS, HOSTS, ORGANS, PAPER_TYPES

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_SERVICES: Final = ("dichvucong", "motcua", "thutuc", "vanban", "congbao")
_ENDINGS: Final = ("vn", "com", "com.vn", "org.vn", "edu.vn")


def number(rng: random.Random) -> str:
    """Any of the forms, the ones that matter to a catalogue most often."""
    make = rng.choices(_MAKERS, _WEIGHTS)[0]
    return make(rng)


def symbol(rng: random.Random) -> str:
    """A paper's number and symbol (số, ký hiệu), Decree 30/2020, annex I."""
    kind, organ = rng.choice(PAPER_TYPES), rng.choice(ORGANS)
    year, value = rng.randint(1990, 2027), _small(rng)
    form = rng.random()
    if form < 0.30:
        return f"{value}/{kind}-{organ}"
    if form < 0.48:
        return f"{value}/{year}/{kind}-{organ}"
    if form < 0.56:
        return (
            f"{value}/{year}/{rng.choice(('QH13', 'QH14', 'QH15', 'NĐ-CP', 'QĐ-TTg', 'QĐ-UBND'))}"
        )
    if form < 0.62:
        return f"{value}/{rng.choice(('NĐ-CP', 'NQ-CP', 'CĐ-TTg', 'CT-TTg', 'UBND-NC', 'TT-VPCP'))}"
    if form < 0.70:
        return f"{value}/{organ}-{rng.choice(ORGANS)}"
    if form < 0.78:
        return f"{kind}-{organ}"
    if form < 0.84:
        return f"{value}/{year}/TTLT-{organ}-{rng.choice(ORGANS)}"
    if form < 0.92:
        return f"Số: {value}/{kind}-{organ}"
    return f"{value}/{kind}"


def procedure_code(rng: random.Random) -> str:
    """An administrative procedure's code (mã số TTHC), such as 1.012345.000.00.00.H15."""
    code = f"{rng.randint(1, 3)}.{rng.randint(0, 14999):06d}"
    if rng.random() < 0.45:
        code += f".000.00.00.H{rng.randint(1, 64):02d}"
    return code


def date(rng: random.Random) -> str:
    """A date as papers write it."""
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1945, 2035)
    forms = (
        f"ngày {day:02d} tháng {month:02d} năm {year}",
        f"ngày {day} tháng {month} năm {year}",
        f"ngày {day:02d}/{month:02d}/{year}",
        f"ngày {day}/{month}/{year}",
        f"{day:02d}/{month:02d}/{year}",
        f"{day}/{month}/{year}",
        f"{day:02d}-{month:02d}-{year}",
        f"{day:02d}.{month:02d}.{year}",
        f"{month:02d}/{year}",
        f"năm {year}",
        f"tháng {month} năm {year}",
        f"ngày     tháng {month:02d} năm {year}",
    )
    return rng.choice(forms)


def clock(rng: random.Random) -> str:
    """A time of day."""
    hour, minute, second = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    return rng.choice(
        (
            f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}:{second:02d}",
            f"{hour:02d}:{minute:02d}:{second:02d} +07:00", f"{hour}h{minute:02d}",
            f"{hour} giờ {minute:02d} phút", f"{hour:02d}g{minute:02d}",
        )
    )  # fmt: skip


def long_digits(rng: random.Random) -> str:
    """Identity, tax, telephone and account numbers."""
    plain = "".join(rng.choice(_DIGITS) for _ in range(rng.choice((6, 9, 10, 11, 12, 12, 13, 14))))
    form = rng.random()
    if form < 0.6:
        return plain
    if form < 0.7:
        return f"{plain[:10]}-{rng.randint(0, 99):03d}"
    if form < 0.85:
        return f"0{rng.randint(200, 999)}.{rng.randint(100, 999)}.{rng.randint(100, 9999)}"
    return f"({rng.randint(20, 299):03d}) {rng.randint(1_000_000, 9_999_999)}"


def amount(rng: random.Random) -> str:
    """Money, areas and shares with their units."""
    size = rng.choice((3, 4, 5, 6, 7, 8, 9, 10, 12))
    value = rng.randint(10 ** (size - 1), 10**size - 1)
    if rng.random() < 0.6:
        value = max(1, value // 1000) * 1000
    units = (" đồng", "đ", " VNĐ", " đồng/hồ sơ", "", "", " đồng/lần", ",5", " %", "%", " m²",
             " m2", " ha", " km", " m³", "đ/m2", " triệu đồng", ".-")  # fmt: skip
    return f"{value:,}".replace(",", ".") + rng.choice(units)


def decimal(rng: random.Random) -> str:
    """A number with decimals."""
    whole, rest = (
        rng.randint(0, 999),
        "".join(rng.choice(_DIGITS) for _ in range(rng.randint(1, 3))),
    )
    return f"{whole}{rng.choice((',', ',', '.'))}{rest}" + rng.choice(
        ("", "%", " %", " ha", " km²")
    )


def address(rng: random.Random) -> str:
    """A web or mail address."""
    word = "".join(rng.choice(_LOWER + _DIGITS + "._") for _ in range(rng.randint(4, 14)))
    host = rng.choice(HOSTS)
    forms = (
        f"https://{rng.choice(_SERVICES)}.{host}.gov.vn",
        f"https://{host}.gov.vn/{word}",
        f"http://{host}.gov.vn",
        f"https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc.html?ma_thu_tuc={_small(rng)}",
        f"www.{host}.gov.vn",
        f"{host}.gov.vn",
        f"{word.strip('._')}@{host}.gov.vn",
        f"{word.strip('._')}@{rng.choice(('gmail.com', 'yahoo.com.vn', 'outlook.com'))}",
        f"https://www.{word.strip('._')}.{rng.choice(_ENDINGS)}",
    )
    return rng.choice(forms)


def roman(rng: random.Random) -> str:
    """A heading's numeral or letter."""
    numeral = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XX A B C D Đ".split()
    return rng.choice(numeral) + rng.choice((".", "", ")", "/", ". ", ":"))


def count(rng: random.Random) -> str:
    """Small numbers of lists and tables."""
    endings = ("", "", "", ".", ")", "/", f".{rng.randint(1, 20)}",
               f".{rng.randint(1, 20)}.{rng.randint(1, 9)}", " ngày", " ngày làm việc", " giờ",
               ",5 ngày", " (hai) ngày", f"/{rng.randint(1, 99)}", f"-{rng.randint(1, 99)}",
               f",{rng.randint(1, 99)}", f" ({rng.randint(1, 99):02d})", " TTHC", "đ", "a",
               "b)")  # fmt: skip
    head = str(rng.randint(1, 160)) if rng.random() < 0.7 else f"{rng.randint(1, 20):02d}"
    return head + rng.choice(endings)


def abbreviation(rng: random.Random) -> str:
    """One or two abbreviations."""
    return (
        rng.choice(ABBREVIATIONS)
        + rng.choice(("", "", "-", "/", ", ", " ", ";", "."))
        + rng.choice((*ABBREVIATIONS, ""))
    )


def reference(rng: random.Random) -> str:
    """Điều, khoản, điểm and their numbers."""
    forms = (
        f"Điều {rng.randint(1, 300)}",
        f"Điều {rng.randint(1, 300)}.",
        f"khoản {rng.randint(1, 15)} Điều {rng.randint(1, 300)}",
        f"điểm {rng.choice('abcdđeghiklmn')} khoản {rng.randint(1, 15)} Điều {rng.randint(1, 99)}",
        f"Mục {rng.randint(1, 20)}",
        f"Chương {rng.choice(('I', 'II', 'III', 'IV', 'V', 'VI', 'IX', 'X'))}",
        f"Phụ lục {rng.choice(('I', 'II', 'III', 'IV', 'V', '01', '02'))}",
        f"Mẫu số {rng.randint(1, 40):02d}",
        f"Trang {rng.randint(1, 400)}/{rng.randint(1, 400)}",
    )
    return rng.choice(forms)


def digits(rng: random.Random) -> str:
    """Figures with signs between them, without sense."""
    return "".join(
        rng.choice(_DIGITS * 3 + "./,-:()") for _ in range(rng.randint(2, 12))
    ).strip() or "0"  # fmt: skip


def _small(rng: random.Random) -> int:
    return rng.randint(1, 10 ** rng.choice((1, 2, 2, 3, 3, 4, 5)))


_MAKERS: Final[tuple[Callable[[random.Random], str], ...]] = (
    symbol, procedure_code, date, clock, long_digits, amount, decimal, address, roman, count,
    abbreviation, reference, digits,
)  # fmt: skip
_WEIGHTS: Final = (26, 10, 12, 3, 7, 7, 3, 8, 3, 8, 6, 4, 3)
