"""Words and forms of administrative papers that syllable statistics do not hold.

Public knowledge only: abbreviations and headings of Decree 30/2020 (annexes I
and III), frequent family and given names, provinces before and after 1 July
2025. No text of any real paper.
"""

from typing import Final

FAMILY_NAMES: Final = tuple(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Lương "
    "Trịnh Mai Tô Hà Cao Tạ Quách Lò Giàng Sùng Triệu Nông Ksor Thạch Kim Châu Chu Hứa Lâm Tăng "
    "Từ Vương Trương Thái Phùng Lưu La Khổng Kiều Đàm Cù Bạch Ma Hoàn Lữ Mạc Nghiêm Ninh Ông "
    "Tống Văn Viên Vi Cầm Quàng Sầm Lục Âu Bế Chẩu Điểu Y Rơ".split()
)
GIVEN_NAMES: Final = tuple(
    "Anh Bình Châu Cường Dũng Duy Đạt Đức Giang Hà Hải Hạnh Hằng Hiền Hiếu Hòa Hoa Hùng Hương "
    "Khánh Khoa Kiên Lan Linh Long Ly Mai Minh Mỹ Nam Nga Ngọc Nguyên Nhung Oanh Phong Phúc "
    "Phương Quân Quang Quỳnh Sơn Tâm Thanh Thành Thảo Thắng Thủy Thúy Tiến Trang Trung Tuấn Tú "
    "Tùng Uyên Vân Việt Vinh Xuân Yến Đông Tĩnh Ngãi Kỳ Nhã Vỹ Hữu Văn Thị Bảo Bích Cẩm Chi Chính "
    "Công Cúc Diễm Diệp Diệu Dung Đăng Đại Điệp Đoan Gia Hào Hậu Hoài Hoàn Hồng Huệ Huy Huyền Hưng "
    "Khang Khải Kiệt Lệ Liên Loan Lộc Lợi Luân Lực Mạnh Nghĩa Nguyệt Nhân Nhật Như Ninh Phát Phú "
    "Phước Quốc Quý Quyên Quyết Sang Tài Tân Thái Thạch Thiện Thịnh Thoa Thơ Thu Thuận Thư "
    "Thương Tín Toàn Tố Trâm Trân Trí Triều Trinh Trọng Trúc Trường Tuyên Tuyết Vũ Vượng Vy "
    "Xuyến Ý".split()
)
PROVINCES: Final = (
    "Hà Nội, Huế, Lai Châu, Điện Biên, Sơn La, Lạng Sơn, Quảng Ninh, Thanh Hóa, Nghệ An, Hà Tĩnh, "
    "Cao Bằng, Tuyên Quang, Lào Cai, Thái Nguyên, Phú Thọ, Bắc Ninh, Hưng Yên, Hải Phòng, "
    "Ninh Bình, Quảng Trị, Đà Nẵng, Quảng Ngãi, Gia Lai, Khánh Hòa, Lâm Đồng, Đắk Lắk, "
    "Hồ Chí Minh, Đồng Nai, Tây Ninh, Cần Thơ, Vĩnh Long, Đồng Tháp, Cà Mau, An Giang, Hà Giang, "
    "Yên Bái, Bắc Kạn, Vĩnh Phúc, Hòa Bình, Bắc Giang, Thái Bình, Hải Dương, Hà Nam, Nam Định, "
    "Quảng Bình, Quảng Nam, Kon Tum, Bình Định, Phú Yên, Ninh Thuận, Bình Thuận, Đắk Nông, "
    "Bình Dương, Bình Phước, Long An, Sóc Trăng, Hậu Giang, Bến Tre, Trà Vinh, Tiền Giang, "
    "Bạc Liêu, Kiên Giang, Bà Rịa - Vũng Tàu, Thừa Thiên Huế"
).split(", ")
UNIT_KINDS: Final = (
    "tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "đặc khu",
    "TP.", "Tỉnh", "Thành phố", "Xã", "Phường", "Q.", "P.", "thôn", "ấp", "tổ dân phố", "đường",
)  # fmt: skip
BODIES: Final = (
    "Ủy ban nhân dân", "Hội đồng nhân dân", "Văn phòng Ủy ban nhân dân", "Sở Nội vụ",
    "Sở Tài chính", "Sở Tư pháp", "Sở Y tế", "Sở Xây dựng", "Sở Công Thương",
    "Sở Giáo dục và Đào tạo", "Sở Khoa học và Công nghệ", "Sở Nông nghiệp và Môi trường",
    "Sở Văn hóa, Thể thao và Du lịch", "Sở Dân tộc và Tôn giáo", "Sở Ngoại vụ",
    "Thanh tra tỉnh", "Công an tỉnh", "Bộ Chỉ huy quân sự tỉnh", "Ban Quản lý khu kinh tế",
    "Trung tâm Phục vụ hành chính công", "Cục Kiểm soát thủ tục hành chính", "Bộ Tài chính",
    "Bộ Nội vụ", "Bộ Tư pháp", "Bộ Công an", "Bộ Quốc phòng", "Bộ Xây dựng", "Bộ Công Thương",
    "Bộ Y tế", "Bộ Ngoại giao", "Bộ Giáo dục và Đào tạo", "Bộ Khoa học và Công nghệ",
    "Bộ Nông nghiệp và Môi trường", "Văn phòng Chính phủ", "Thủ tướng Chính phủ", "Chính phủ",
    "Quốc hội", "Ủy ban Thường vụ Quốc hội", "Ngân hàng Nhà nước", "Tòa án nhân dân",
    "Viện kiểm sát nhân dân", "Mặt trận Tổ quốc Việt Nam", "Đảng ủy", "Thuế tỉnh",
)  # fmt: skip
HEADINGS: Final = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc", "ỦY BAN NHÂN DÂN",
    "UỶ BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "QUYẾT ĐỊNH", "QUYẾT ĐỊNH:", "NGHỊ QUYẾT",
    "CHỈ THỊ", "TỜ TRÌNH", "THÔNG BÁO", "BÁO CÁO", "KẾ HOẠCH", "CÔNG VĂN", "BIÊN BẢN",
    "GIẤY MỜI", "GIẤY PHÉP", "GIẤY CHỨNG NHẬN", "HỢP ĐỒNG", "QUY CHẾ", "QUY ĐỊNH", "PHỤ LỤC",
    "DANH MỤC", "ĐƠN ĐỀ NGHỊ", "TỜ KHAI", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "KT. CHỦ TỊCH",
    "TM. ỦY BAN NHÂN DÂN", "TUQ. CHỦ TỊCH", "Q. GIÁM ĐỐC", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC",
    "KT. GIÁM ĐỐC", "KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG",
    "TL. CHỦ TỊCH", "TRƯỞNG PHÒNG", "Nơi nhận:", "- Như trên;", "- Như Điều 3;", "- Lưu: VT.",
    "Kính gửi:", "STT", "TT", "Số TT", "Ghi chú", "Tên thủ tục hành chính", "Mã số TTHC",
    "Mã TTHC", "Thời hạn giải quyết", "Thời gian giải quyết", "Cơ quan thực hiện",
    "Căn cứ pháp lý", "Phí, lệ phí", "Phí, lệ phí (nếu có)", "Lĩnh vực", "Không",
    "Không quy định", "Không có", "Toàn trình", "Một phần", "Địa điểm thực hiện",
    "Cách thức thực hiện", "Mức độ DVC", "Nội dung", "Tên văn bản", "Số, ký hiệu",
    "Ngày ban hành", "Cấp tỉnh", "Cấp huyện", "Cấp xã", "ngày làm việc", "(Đã ký)",
    "Người ký:", "Cơ quan:", "Thời gian ký:", "Ký bởi:", "Ngày ký:", "HỎA TỐC", "KHẨN", "MẬT",
    "DỰ THẢO", "Về việc", "V/v", "Họ và tên:", "Ngày sinh:", "Địa chỉ:", "Điện thoại:",
    "Số điện thoại:", "Email:", "Nơi cấp:", "Ngày cấp:", "Số:", "Mã số thuế:", "Tổng cộng",
)  # fmt: skip
PAPER_TYPES: Final = tuple(
    "QĐ NQ NĐ TT TTLT CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP "
    "PG PC PB CV SY TrS SL L LCT".split()
)
ORGANS: Final = tuple(
    "UBND HĐND CP TTg VPCP BTC BNV BTP BYT BXD BCT BCA BQP BNG BGDĐT BKHCN BNNMT BTNMT BNNPTNT "
    "BGTVT BTTTT BVHTTDL BLĐTBXH BKHĐT BDTTG UBDT NHNN TTCP BHXH TANDTC VKSNDTC VPQH UBTVQH QH13 "
    "QH14 QH15 STP STC SNV SYT SXD SCT SGDĐT SKHCN SNNMT STNMT SNN SGTVT STTTT SVHTTDL SLĐTBXH "
    "SKHĐT SDTTG SNgV VP VPUBND TTPVHCC BQL BQLKKT CAT CCT CTK TTr TCT TCHQ TCTK ĐCSVN ĐU TU "
    "MTTQ CĐ KSTT NC TH KT KGVX KTTH KTN NN VX TCD HCTC PCCC TTĐT QLĐT XD TNMT".split()
)
ABBREVIATIONS: Final = (
    *PAPER_TYPES,
    *ORGANS,
    *(
        "TTHC TTHCC PCT CCHC DVC DVCTT TNHH MTV CCCD CMND GPLX MST SĐT TW HCC KT. TM. TUQ. TL. "
        "KCN KCX VLXD ANTT BVMT ĐTM KHCN NN&PTNT TN&MT LĐ-TB&XH GD&ĐT VH,TT&DL KT-XH QP-AN "
        "XHCN GTVT CNTT ATTT CSDL HTTT VBQPPL QPPL XLVPHC GCN QSDĐ GCNQSDĐ HSSV GDTX THPT THCS "
        "BCĐ BCH HTX DN CBCC CCVC ĐVSN NSNN NLĐ BHYT BHTN TSCĐ ISO TCVN QCVN VNeID PDF OCR".split()
    ),
)
HOSTS: Final = tuple(
    "hanoi hue laichau dienbien sonla langson quangninh thanhhoa nghean hatinh caobang tuyenquang "
    "laocai thainguyen phutho bacninh hungyen haiphong ninhbinh quangtri danang quangngai gialai "
    "khanhhoa lamdong daklak hochiminhcity dongnai tayninh cantho vinhlong dongthap camau angiang "
    "moj mof moh moc moit mps moet most mae moha chinhphu vpcp baochinhphu vanban congbao "
    "dichvucong quochoi vksndtc toaan bhxh gdt customs sbv mic monre molisa".split()
)
INTERRUPTIONS: Final = (
    " ", " ", " ", " ", ", ", ", ", "; ", " - ", " – ", " (", ": ", "/", ") ", ". ", " và ",
)  # fmt: skip
OPENINGS: Final = (
    "- ", "+ ", "• ", "– ", "a) ", "b) ", "c) ", "đ) ", "* ", "1. ", "2. ", "3. ", "- ", "“", "(",
)  # fmt: skip
CLOSINGS: Final = (";", ".", ":", ",", "”", "”.", "…", "./.", ")", ");", " %", "...", '"')
