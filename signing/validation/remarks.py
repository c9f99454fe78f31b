"""Remarks that explain a verdict: stable codes, each with a sentence in both languages.

The codes are public: add to the table, never rename.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark; ``vi`` and ``en`` say what was found and what it means."""

    code: str
    vi: str
    en: str


_TABLE: Final = (
    Remark(
        "transport_prefix",
        "Tệp có dữ liệu lạ trước %PDF, thêm vào khi truyền; chữ ký được kiểm tra sau khi bỏ đi.",
        "Foreign bytes before %PDF were added on the way; the signature was judged without them.",
    ),
    Remark(
        "digestinfo_without_null",
        "Chữ ký khớp nhưng mã hóa thiếu tham số NULL (RFC 8017); phần mềm khác có thể từ chối.",
        "The signature matches but its DigestInfo lacks NULL (RFC 8017); others may refuse it.",
    ),
    Remark(
        "pss_under_rsa_encryption",
        "Thuật toán của chữ ký khai là rsaEncryption nhưng kèm tham số của RSASSA-PSS.",
        "The signature's algorithm is named rsaEncryption but carries parameters of RSASSA-PSS.",
    ),
    Remark(
        "weak_digest_sha1",
        "Chữ ký dùng hàm băm SHA-1 đã bị phá, không còn chứng minh được nội dung.",
        "The signature uses the broken digest SHA-1, which no longer proves the content.",
    ),
    Remark(
        "weak_digest_md5",
        "Chữ ký dùng hàm băm MD5 đã bị phá, không còn chứng minh được nội dung.",
        "The signature uses the broken digest MD5, which no longer proves the content.",
    ),
    Remark(
        "changed_after_signing",
        "Tệp đã bị thay đổi sau chữ ký này, vượt quá việc ký thêm.",
        "The file was changed after this signature by more than further signatures.",
    ),
    Remark(
        "certificate_expired",
        "Chứng thư số đã hết hạn tại thời điểm cần chứng minh.",
        "The certificate had ended at the moment that counts.",
    ),
    Remark(
        "certificate_not_yet_valid",
        "Chứng thư số chưa có hiệu lực tại thời điểm ký.",
        "The certificate was not valid yet at the moment of signing.",
    ),
    Remark(
        "metadata_changed",
        "Thông tin mô tả tệp (tiêu đề, tác giả...) bị sửa sau khi ký; các trang không đổi.",
        "What describes the file (title, author ...) was changed after signing, its pages not.",
    ),
    Remark("revoked", "Chứng thư số đã bị thu hồi.", "The certificate was revoked."),
    Remark(
        "no_trust_anchor",
        "Không có chứng thư gốc tin cậy để kiểm tra người ký. Hãy thêm chứng thư gốc.",
        "No trusted root is here to check the signer. Add the root certificate.",
    ),
    Remark(
        "chain_invalid",
        "Chuỗi chứng thư của người ký không hợp lệ.",
        "The signer's certificate chain does not hold.",
    ),
    Remark(
        "key_usage",
        "Chứng thư số này không dùng để ký văn bản.",
        "This certificate is not meant for signing documents.",
    ),
    Remark(
        "revocation_not_checked",
        "Chưa kiểm tra được việc thu hồi chứng thư (đang không dùng mạng).",
        "Whether the certificate was revoked could not be checked (no network is used).",
    ),
    Remark(
        "unsigned_field",
        "Sau khi ký, tệp được thêm một ô chữ ký chưa ký.",
        "An unsigned signature field was added to the file after this signature.",
    ),
    Remark(
        "cms_unreadable",
        "Dữ liệu chữ ký bị hỏng, không đọc được.",
        "The signature's data are broken and cannot be read.",
    ),
    Remark(
        "certificate_missing",
        "Chữ ký không kèm chứng thư số của người ký.",
        "The signature does not bring the signer's certificate.",
    ),
    Remark(
        "algorithm_unknown",
        "Thuật toán của chữ ký chưa được hỗ trợ.",
        "The signature's algorithm is not supported.",
    ),
    Remark(
        "odd_byte_range",
        "Chữ ký không bao trùm đúng phần tệp mà nó phải bao trùm.",
        "The signature does not cover the part of the file that it must cover.",
    ),
    Remark(
        "structure_unreadable",
        "Cấu trúc tệp bất thường nên không xét được các thay đổi sau khi ký.",
        "The file's structure is abnormal; changes after signing could not be judged.",
    ),
    Remark(
        "padding_not_zero",
        "Có dữ liệu lạ sau phần dữ liệu của chữ ký.",
        "There are foreign bytes behind the signature's data.",
    ),
    Remark(
        "trailing_bytes",
        "Có dữ liệu lạ sau phần cuối của tệp đã ký.",
        "There are foreign bytes behind the end of the signed file.",
    ),
    Remark(
        "timestamp_invalid",
        "Dấu thời gian bị hỏng hoặc không thuộc chữ ký này.",
        "The timestamp is broken or does not belong to this signature.",
    ),
    Remark(
        "timestamp_only",
        "Tệp chỉ có dấu thời gian, không ai ký: chứng minh tệp có từ lúc đó, không chứng minh ai.",
        "The file bears a time stamp only: it existed then, but nobody has signed it.",
    ),
    Remark(
        "timestamp_no_trust_anchor",
        "Không có chứng thư gốc để kiểm tra dấu thời gian.",
        "No trusted root is here to check the timestamp.",
    ),
    Remark(
        "later_signature_not_valid",
        "Một chữ ký thêm sau chữ ký này không hợp lệ.",
        "A signature added after this one is not valid.",
    ),
)

REMARKS: Final[dict[str, Remark]] = {remark.code: remark for remark in _TABLE}
