"""Sentences that papers are made of: invented matter in the wording of real ones."""

import random
from datetime import date, timedelta
from typing import Final

FIELDS_OF_WORK: Final = (
    "Hoạt động khoa học và công nghệ", "An toàn bức xạ hạt nhân", "Tiêu chuẩn Đo lường Chất lượng",
    "Sở hữu trí tuệ", "Đăng ký doanh nghiệp", "Giáo dục nghề nghiệp", "Nuôi con nuôi",
    "Khám bệnh, chữa bệnh", "Đất đai", "Giao thông đường bộ", "Bưu chính", "Trồng trọt",
)  # fmt: skip
ACTS: Final = (
    ("Công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực {field} thuộc phạm vi "
    "chức năng quản lý của {office}"),
    "Phê duyệt quy trình nội bộ giải quyết thủ tục hành chính lĩnh vực {field}",
    ("Ban hành Kế hoạch số hóa hồ sơ, kết quả giải quyết thủ tục hành chính lĩnh vực {field} "
    "năm {year}"),
    "Thành lập Tổ công tác kiểm tra việc thực hiện thủ tục hành chính lĩnh vực {field}",
    "Phê duyệt kết quả nghiệm thu nhiệm vụ khoa học và công nghệ cấp tỉnh năm {year}",
)  # fmt: skip
LETTER_MATTERS: Final = (
    "tiếp tục đẩy mạnh các giải pháp nâng cao hiệu quả giải quyết thủ tục hành chính",
    "rà soát mã hồ sơ quá hạn trên Cổng Dịch vụ công quốc gia",
    "phối hợp kiểm tra thiết bị X-quang chẩn đoán trong y tế năm {year}",
    "đề nghị cung cấp thông tin về kết quả số hóa thành phần hồ sơ",
    "báo cáo tình hình thực hiện Đề án 06 quý {quarter} năm {year}",
    "hướng dẫn khai báo thiết bị bức xạ và đề nghị cấp giấy phép",
)  # fmt: skip
LAWS: Final = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày {long};",
    "Căn cứ Luật Khoa học, công nghệ và đổi mới sáng tạo ngày {long};",
    "Căn cứ Luật Giao dịch điện tử ngày {long};",
)
CITED: Final = (
    (
        "Căn cứ Nghị định số {number} ngày {long} của Chính phủ về {about};",
        "{n}/{year}/NĐ-CP",
        190,
        (
            "kiểm soát thủ tục hành chính",
            "thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính",
            "thực hiện thủ tục hành chính trên môi trường điện tử",
            "công tác văn thư",
        ),
    ),
    (
        (
            "Căn cứ Thông tư số {number} ngày {long} của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ "
            "{about};"
        ),
        "{n}/{year}/TT-VPCP",
        24,
        (
            "hướng dẫn nghiệp vụ về kiểm soát thủ tục hành chính",
            (
                "quy định một số nội dung và biện pháp thi hành trong số hóa hồ sơ, giấy tờ, kết "
                "quả giải quyết thủ tục hành chính"
            ),
        ),
    ),
    (
        "Căn cứ Quyết định số {number} ngày {short} của Ủy ban nhân dân tỉnh {about};",
        "{n}/QĐ-UBND",
        3400,
        (
            "quy định chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ chức của Sở",
            "về việc ban hành quy chế hoạt động của Trung tâm Phục vụ hành chính công",
        ),
    ),
)
ARTICLES: Final = (
    ("Công bố kèm theo Quyết định này Danh mục {count} thủ tục hành chính thuộc lĩnh vực {field} "
    "(có Phụ lục kèm theo)."),
    ("Giao Văn phòng chủ trì, phối hợp với các đơn vị có liên quan cập nhật, công khai thủ tục "
    "hành chính trên Cơ sở dữ liệu quốc gia và số hóa {percent}% hồ sơ, kết quả giải quyết trước "
    "ngày {short}."),
    ("Thời gian giải quyết không quá {days} ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ; phí, lệ "
    "phí thực hiện theo quy định hiện hành, mức thu {money} đồng/hồ sơ."),
    ("Nghiêm cấm yêu cầu tổ chức, cá nhân cung cấp lại thông tin, giấy tờ, tài liệu đã được số hóa "
    "hoặc đã có trong các cơ sở dữ liệu quốc gia, cơ sở dữ liệu chuyên ngành."),
    ("Kinh phí thực hiện là {money} đồng (bằng chữ: theo dự toán được duyệt), chi từ nguồn sự "
    "nghiệp khoa học và công nghệ năm {year}."),
    ("Quyết định này có hiệu lực thi hành kể từ ngày ký và thay thế Quyết định số {old} ngày "
    "{short}."),
    ("Bãi bỏ {count} thủ tục hành chính có số thứ tự {list} tại Phụ lục I ban hành kèm theo Quyết "
    "định số {old} ngày {short}."),
)  # fmt: skip
CLOSING_ARTICLE: Final = (
    "Chánh Văn phòng, Thủ trưởng các phòng, đơn vị thuộc Sở, các tổ chức và cá nhân có liên quan "
    "chịu trách nhiệm thi hành Quyết định này./."
)
LETTER_PARAGRAPHS: Final = (
    ("Thực hiện Công văn số {old} ngày {short} về việc nâng cao hiệu quả giải quyết thủ tục hành "
    "chính và cung cấp dịch vụ công trực tuyến, để bảo đảm tiến độ theo yêu cầu, {office} đề nghị "
    "các đơn vị thực hiện một số nội dung sau:"),
    ("1. Tiếp nhận 100% hồ sơ trên Hệ thống thông tin giải quyết thủ tục hành chính; thành phần hồ "
    "sơ phải được cán bộ kiểm tra, ký số theo quy định."),
    ("2. Rà soát {count} mã hồ sơ quá hạn trên Cổng Dịch vụ công quốc gia, gửi kết quả về Văn "
    "phòng (qua địa chỉ thư điện tử vanphong@sokhcn.example.vn) trước ngày {short}."),
    ("3. Gắn kết quả số hóa với đánh giá mức độ hoàn thành nhiệm vụ của cán bộ, công chức; tỷ lệ "
    "tái sử dụng giấy tờ đã số hóa đạt tối thiểu {percent}%."),
    ("4. Chịu trách nhiệm trước Giám đốc Sở nếu để xảy ra tình trạng yêu cầu nộp lại giấy tờ đã có "
    "trong kho dữ liệu điện tử của tổ chức, cá nhân."),
    ("Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh về Văn phòng (điện "
    "thoại: 0221.{phone}) để được hướng dẫn, giải quyết./."),
)  # fmt: skip
PROCEDURES: Final = (
    "Cấp giấy phép tiến hành công việc bức xạ - sử dụng thiết bị X-quang chẩn đoán trong y tế",
    "Gia hạn giấy phép tiến hành công việc bức xạ",
    "Khai báo thiết bị X-quang chẩn đoán trong y tế",
    "Cấp chứng chỉ nhân viên bức xạ",
    "Cấp lần đầu giấy chứng nhận đăng ký hoạt động cho tổ chức khoa học và công nghệ",
    "Thay đổi, bổ sung nội dung giấy chứng nhận đăng ký hoạt động",
    "Đăng ký kết quả thực hiện nhiệm vụ khoa học và công nghệ sử dụng ngân sách nhà nước",
    "Đăng ký công bố hợp quy dựa trên kết quả tự đánh giá",
    "Điều chỉnh nội dung bản công bố sử dụng dấu định lượng",
    "Cấp giấy chứng nhận doanh nghiệp khoa học và công nghệ",
)
DEVICES: Final = (
    "Máy X-quang chụp tổng hợp", "Máy chụp cắt lớp vi tính CT", "Máy X-quang di động",
    "Máy X-quang răng toàn cảnh", "Máy X-quang tăng sáng truyền hình", "Máy đo loãng xương",
)  # fmt: skip
MAKERS: Final = ("Shimadzu", "Siemens", "Hitachi", "Toshiba", "Fujifilm", "Vatech", "GE")


def day(moment: date) -> str:
    """dd/mm/yyyy."""
    return f"{moment:%d/%m/%Y}"


def long_day(moment: date) -> str:
    """As Decree 30/2020 writes dates: days below 10 and months 1 and 2 with a leading 0.

    >>> long_day(date(2024, 1, 5)), long_day(date(2024, 11, 15))
    ('ngày 05 tháng 01 năm 2024', 'ngày 15 tháng 11 năm 2024')
    """
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return f"ngày {moment.day:02d} tháng {month} năm {moment.year}"


def document_number(rng: random.Random) -> str:
    """A number of the year; numbers below 10 get a leading 0."""
    return f"{rng.choice((rng.randint(1, 30), rng.randint(31, 999), rng.randint(1000, 4200))):02d}"


def some_day(rng: random.Random, first: date = date(2019, 1, 2), last: date | None = None) -> date:
    """A day between two."""
    end = last or date(2026, 10, 30)
    return first + timedelta(days=rng.randrange(max(1, (end - first).days)))


def citation(rng: random.Random, issued: date) -> tuple[str, str]:
    """A paragraph "Căn cứ …" and the number it cites: of a paper that was there before."""
    pattern, numbers, most, about = rng.choice(CITED)
    moment = some_day(rng, date(2010, 1, 5), min(issued, date(2025, 6, 30)))
    number = numbers.format(n=f"{rng.randint(1, most):02d}", year=moment.year)
    text = pattern.format(
        number=number,
        long=long_day(moment).removeprefix("ngày "),
        short=day(moment),
        about=rng.choice(about),
    )
    return text, number


def filled(rng: random.Random, pattern: str, **known: str) -> str:
    """A sentence with its gaps filled by invented figures."""
    moment = some_day(rng, date(2020, 1, 2))
    values = {
        "count": f"{rng.randint(2, 24):02d}",
        "percent": str(rng.choice((60, 70, 80, 85, 90, 95, 100))),
        "days": f"{rng.randint(3, 25):02d}",
        "money": f"{rng.randint(10, 9900) * 5000:,}".replace(",", "."),
        "list": ", ".join(str(n) for n in sorted(rng.sample(range(1, 48), 4))),
        "old": f"{document_number(rng)}/QĐ-UBND",
        "short": day(moment),
        "long": long_day(moment).removeprefix("ngày "),
        "year": str(moment.year),
        "quarter": rng.choice(("I", "II", "III", "IV")),
        "phone": f"{rng.randint(3200, 3999)}.{rng.randint(100, 999)}",
        **known,
    }
    return pattern.format(**values)
