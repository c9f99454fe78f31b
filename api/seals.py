"""The keys that an office's papers are certified with, as its settings name them.

Apart from :mod:`api.wiring`, which loads this only where something is signed.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from api.settings import Settings
from ingest.tools import Seal
from signing.awaited import is_elsewhere
from signing.keys import Signer, SigningKey, common_name, is_test_certificate, load_pkcs12
from vocabulary.clock import Clock
from vocabulary.errors import MissingPart, SohoaError
from vocabulary.signers import SignerRole

if TYPE_CHECKING:
    from demo.office import DemoOffice
    from signing.awaited import Elsewhere


def office_seal(settings: Settings, demo: "DemoOffice | None", clock: Clock) -> Seal | None:
    """The office's keys; the demo's test keys only in a demo office without keys of its own."""
    if settings.signature_level != "B-B" and not settings.tsa_url:
        raise MissingPart(
            f"Mức {settings.signature_level} cần SOHOA_TSA_URL (dịch vụ cấp dấu thời gian).",
            f"Level {settings.signature_level} needs SOHOA_TSA_URL (a timestamp authority).",
        )
    officer, organisation = (
        signer_named(settings, "officer"),
        signer_named(settings, "organisation"),
    )
    if officer and organisation:
        return Seal(
            officer=officer,
            organisation=cast(Signer, organisation),  # a remote one signs at once, too
            officer_name=settings.officer_name or _name_of(officer),
            organisation_name=settings.office_name,
            copy_form=settings.copy_form,
            clock=clock,
            test=any(
                is_test_certificate(one.certificate)
                for one in (officer, organisation)
                if isinstance(one, SigningKey)  # certify looks at the others' when they sign
            ),
            **_proof(settings, demo),
        )
    if officer or organisation:
        raise MissingPart(
            "Cần cả hai khóa ký: của công chức (SOHOA_OFFICER_KEY, _TOKEN, _CREDENTIAL hoặc "
            "_CERTIFICATES) và của cơ quan (SOHOA_ORGANISATION_KEY, _TOKEN hoặc _CREDENTIAL).",
            "Both keys are needed: the officer's (SOHOA_OFFICER_KEY, _TOKEN, _CREDENTIAL or "
            "_CERTIFICATES) and the office's (SOHOA_ORGANISATION_KEY, _TOKEN or _CREDENTIAL).",
        )
    if demo is None:
        return None
    return Seal(
        officer=load_pkcs12(demo.officer_key, demo.passphrase),
        organisation=load_pkcs12(demo.organisation_key, demo.passphrase),
        officer_name=demo.officer_name,
        organisation_name=demo.name,
        copy_form=settings.copy_form,
        clock=clock,
        test=True,
        **_proof(settings, demo),
    )


def _proof(settings: Settings, demo: "DemoOffice | None") -> dict[str, Any]:
    """How long the signatures of a seal must be provable, and with what."""
    from signing.revocation import Revocation  # heavy, and only where something is sealed
    from signing.stamp_texts import load_wordings

    return {
        "level": settings.signature_level,
        "anchors": (*settings.trust, *([demo.root] if demo else [])),
        "revocation": Revocation(settings.revocation_folder, settings.revocation_online),
        "tsa_url": settings.tsa_url if settings.signature_level != "B-B" else None,
        "authority_url": settings.tsa_url,
        "wordings": load_wordings(settings.stamp_texts),
    }


def signer_named(settings: Settings, role: SignerRole) -> "Signer | Elsewhere | None":
    """At own computers, at a signing service, in a token, or in a PKCS#12 file: as named first."""
    secret: Path | None = getattr(settings, f"{role}_passphrase_file")
    credential: str | None = getattr(settings, f"{role}_credential")
    token: str | None = getattr(settings, f"{role}_token")
    if role == "officer" and settings.officer_certificates:
        from signing.awaited import OwnComputers

        return OwnComputers(settings.officer_certificates)
    if credential is not None:
        return _remote(settings, role, credential, secret)
    if token is not None:
        return _token(settings, token, secret)
    return _key(getattr(settings, f"{role}_key"), secret)


def _remote(settings: Settings, role: SignerRole, credential: str, pin: Path | None) -> "Elsewhere":
    from signing.remote_signer import RemoteAccess, RemoteSigner  # few offices need the library

    if settings.remote_signing_url is None or pin is None:
        raise MissingPart(
            "Khóa ký từ xa cần SOHOA_REMOTE_SIGNING_URL và tệp mã PIN (…_PASSPHRASE_FILE).",
            "A remote key needs SOHOA_REMOTE_SIGNING_URL and a file with its PIN "
            "(…_PASSPHRASE_FILE).",
        )
    return RemoteSigner(
        RemoteAccess(
            url=settings.remote_signing_url,
            credential=credential,
            pin_file=pin,
            token_file=settings.remote_signing_token_file,
            client_id=settings.remote_signing_client_id,
            client_secret_file=settings.remote_signing_client_secret_file,
            otp_file=getattr(settings, f"{role}_otp_file"),
        )
    )


def _token(settings: Settings, token: str, pin: Path | None) -> Signer:
    if settings.pkcs11_module is None or pin is None:
        raise MissingPart(
            "Khóa trong token cần SOHOA_PKCS11_MODULE và tệp mã PIN (…_PASSPHRASE_FILE).",
            "A key in a token needs SOHOA_PKCS11_MODULE and a file with its PIN "
            "(…_PASSPHRASE_FILE).",
        )
    from signing.held_tokens import HeldToken  # few offices need the library
    from signing.tokens import TokenPlace

    label, _, key = token.partition("/")
    return HeldToken(TokenPlace(settings.pkcs11_module, label, key or None), pin)


def _name_of(signer: "Signer | Elsewhere") -> str:
    """The name in the certificate; none while a token is away or others sign elsewhere."""
    if is_elsewhere(signer):
        return ""
    try:
        return common_name(cast(Signer, signer).certificate)
    except SohoaError:
        return ""


def _key(path: Path | None, passphrase_file: Path | None) -> SigningKey | None:
    if path is None:
        return None
    passphrase = "" if passphrase_file is None else passphrase_file.read_text("utf-8").strip()
    return load_pkcs12(path, passphrase)
