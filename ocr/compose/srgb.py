"""The output intent: device colours of the file mean sRGB (IEC 61966-2-1).

PDF/A asks that device-dependent colours are given a meaning (ISO 19005-2,
6.2.4.3). The profile is made by Little CMS, so no third party's file is
shipped; its date is fixed, so that equal input gives equal files.
"""

from functools import cache
from typing import Final

from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageCms

_NAME: Final = "sRGB IEC61966-2.1"
_MADE: Final = bytes((0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))  # 2024-01-01 in an ICC header


@cache
def srgb_profile() -> bytes:
    """An ICC profile of sRGB, the same bytes on every call."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + _MADE + profile[36:84] + bytes(16) + profile[100:]


def write_output_intent(pdf: Pdf) -> None:
    """Declare sRGB as the meaning of the file's device colours."""
    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(_NAME),
        Info=String(_NAME),
        RegistryName=String("http://www.color.org"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def usable_profile(profile: bytes, components: int) -> bool:
    """Whether PDF/A-2 takes this ICC profile for that many components (6.2.4.2).

    Its header must name an input, display, output or colour space profile of a
    version before 5 and the right colour space.
    """
    if len(profile) < 132 or profile[36:40] != b"acsp" or profile[8] >= 5:
        return False
    space = {1: b"GRAY", 3: b"RGB "}.get(components)
    return profile[12:16] in (b"scnr", b"mntr", b"prtr", b"spac") and profile[16:20] == space
