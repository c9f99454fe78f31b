"""Builds page readings by hand: text set at places in points, as a reader would give them."""

from dataclasses import dataclass, field

from vocabulary.papers import Baseline, Box, Line, PageReading, Word, WordSource

A4 = (595.3, 841.9)
CENTRE = 312.0
RIGHT = 440.0
LEFT = 160.0


@dataclass
class Page:
    """A page being set; every method sets one line and returns the page."""

    number: int = 1
    size: tuple[float, float] = A4
    source: WordSource = "text"
    confidence: float = 100.0
    lines: list[Line] = field(default_factory=list)

    def at(
        self,
        x: float,
        y: float,
        text: str,
        *,
        height: float = 14.0,
        source: WordSource | None = None,
        confidence: float | None = None,
    ) -> "Page":
        words = []
        left = x
        for part in text.split():
            width = len(part) * height * 0.5
            words.append(
                Word(
                    part,
                    Box(left, y, left + width, y + height),
                    self.confidence if confidence is None else confidence,
                    source or self.source,
                    "test",
                )
            )
            left += width + height * 0.28
        base = y + height * 0.8
        self.lines.append(Line(tuple(words), Baseline(x, base, left, base), height))
        return self

    def centred(self, y: float, text: str, x: float = CENTRE, **how: object) -> "Page":
        height = float(how.get("height", 14.0))  # type: ignore[arg-type]
        width = sum(len(part) * height * 0.5 for part in text.split())
        width += height * 0.28 * (len(text.split()) - 1)
        return self.at(x - width / 2, y, text, **how)  # type: ignore[arg-type]

    def left(self, y: float, text: str, **how: object) -> "Page":
        return self.centred(y, text, LEFT, height=11.0, **how)

    def right(self, y: float, text: str, **how: object) -> "Page":
        return self.centred(y, text, RIGHT, height=11.0, **how)

    def body(self, y: float, *texts: str) -> "Page":
        for number, text in enumerate(texts):
            self.at(85, y + 18 * number, text, height=11.0)
        return self

    def nation(self, y: float = 60) -> "Page":
        """The national name and motto in the right column."""
        self.right(y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        return self.right(y + 16, "Độc lập - Tự do - Hạnh phúc")

    def nation_centred(self, y: float = 50) -> "Page":
        """The national name and motto in the middle, as forms and licences have them."""
        self.centred(y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        return self.centred(y + 17, "Độc lập - Tự do - Hạnh phúc")

    def reading(self) -> PageReading:
        return PageReading(
            number=self.number,
            width_pt=self.size[0],
            height_pt=self.size[1],
            dpi=0 if self.source == "text" else 300,
            source="text" if self.source == "text" else "scan",
            rotation=0,
            skew_deg=0.0,
            lines=tuple(self.lines),
        )


def decision(**how: object) -> Page:
    """A decision of a provincial department, complete on one page."""
    page = Page(**how)  # type: ignore[arg-type]
    page.left(60, "UBND TỈNH HƯNG YÊN").nation()
    page.left(76, "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    page.left(104, "Số: 15/QĐ-SKHCN").right(104, "Hưng Yên, ngày 15 tháng 01 năm 2024")
    page.centred(140, "QUYẾT ĐỊNH")
    page.centred(158, "Về việc cấp Giấy phép tiến hành công việc bức xạ")
    page.centred(174, "cho Bệnh viện đa khoa Phố Nối")
    page.centred(206, "GIÁM ĐỐC SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    page.body(
        240,
        "Căn cứ Nghị định số 142/2020/NĐ-CP ngày 09 tháng 12 năm 2020 của Chính phủ quy định",
        "về việc tiến hành công việc bức xạ và hoạt động dịch vụ; Thông tư số 13/2023/TT-BKHCN",
        "ngày 30/6/2023; theo đề nghị tại Tờ trình số 07/TTr-QLCN ngày 10/01/2024 và Công văn",
        "số 97/UBND-PVHCCC&KSTT ngày 15/01/2024 của Ủy ban nhân dân tỉnh về việc số hóa hồ sơ.",
    )
    page.centred(330, "QUYẾT ĐỊNH:")
    page.body(
        350,
        "Điều 1. Cấp Giấy phép theo Phụ lục kèm theo Quyết định này cho Bệnh viện nêu trên.",
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký, trong thời hạn 05 ngày kể từ ngày nhận",
        "được, các đơn vị có liên quan chịu trách nhiệm thi hành Quyết định này./.",
    )
    page.at(85, 430, "Nơi nhận:", height=10).right(430, "KT. GIÁM ĐỐC")
    page.at(85, 444, "- Như Điều 2;", height=10).right(446, "PHÓ GIÁM ĐỐC")
    page.at(85, 458, "- Lưu: VT, QLCN.", height=10).right(540, "Nguyễn Xuân Hải")
    return page


def letter() -> Page:
    """An official letter (công văn) with its subject under the number."""
    page = Page()
    page.left(60, "UBND TỈNH HƯNG YÊN").nation()
    page.left(76, "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    page.left(104, "Số: 97/SKHCN-VP").right(104, "Hưng Yên, ngày 02 tháng 02 năm 2024")
    page.left(122, "V/v tiếp tục đẩy mạnh các giải")
    page.left(135, "pháp cải cách, nâng cao hiệu quả")
    page.left(148, "giải quyết TTHC")
    page.centred(190, "Kính gửi: Các phòng, đơn vị thuộc Sở")
    page.body(
        220,
        "Thực hiện Công văn số 3087/UBND-PVHCC&KSTT ngày 16/11/2022 của Ủy ban nhân dân tỉnh về",
        "việc số hóa hồ sơ, kết quả giải quyết thủ tục hành chính, Sở đề nghị",
        "các phòng, đơn vị thuộc Sở nghiêm túc triển khai thực hiện các nội dung sau.",
    )
    page.at(85, 430, "Nơi nhận:", height=10).right(430, "KT. GIÁM ĐỐC")
    page.at(85, 444, "- Như trên;", height=10).right(446, "PHÓ GIÁM ĐỐC")
    page.right(540, "Nguyễn Xuân Hải")
    return page
