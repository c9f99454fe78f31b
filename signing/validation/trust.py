# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""May the certificate be trusted at the moment that counts.

The machine's own list of web authorities is never asked: only the anchors that the
caller names. Unless the caller allows it nothing leaves the machine: revocation is judged
by what the file itself brings (its document security store, or Adobe's archive attribute)
and by what an administrator has put into a folder (:mod:`signing.revocation`).
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    RevokedError,
    StaleRevinfoError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers import Fetchers
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
)

from signing.revocation import checking
from signing.validation.anchors import Anchor
from signing.validation.reading import BROKEN

Trust = Literal["trusted", "untrusted", "unknown"]
Purpose = Literal["signing", "timestamping"]


_SOFTLY = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail"))
_ANY_AGE: dict[str, Any] = {
    "freshness": timedelta(days=36_500),
    "freshness_req_type": FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
}
_OTHER_PURPOSES = {"time_stamping", "ocsp_signing", "server_auth", "code_signing"}
"""Extended key usages none of which allows signing papers (RFC 5280, 4.2.1.12)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What chains are judged with: anchors, certificates at hand, revocation data, network.

    ``fetchers``: what asks authorities, for judgements of the present alone; None offline.
    """

    anchors: tuple[Anchor, ...]
    certificates: tuple[asn1_x509.Certificate, ...] = ()
    crls: tuple[Any, ...] = ()
    ocsps: tuple[Any, ...] = ()
    fetchers: Fetchers | None = None

    def with_more(
        self, certificates: Iterable[Any], crls: Iterable[Any] = (), ocsps: Iterable[Any] = ()
    ) -> "Evidence":
        """The same with what one signature brings itself."""
        return Evidence(
            self.anchors,
            (*self.certificates, *certificates),
            (*self.crls, *crls),
            (*self.ocsps, *ocsps),
            self.fetchers,
        )


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """Trust in a certificate, with the reasons against it."""

    trust: Trust
    remarks: tuple[str, ...] = ()


def judge_chain(
    certificate: asn1_x509.Certificate, evidence: Evidence, moment: datetime, purpose: Purpose
) -> ChainFinding:
    """Whether the certificate chains to an anchor and was good at ``moment``."""
    if not _usable(certificate, purpose):
        return ChainFinding("untrusted", ("key_usage",))
    if not any(one.trusted_at(moment) for one in evidence.anchors):
        return ChainFinding("unknown", ("no_trust_anchor",))
    try:
        _validate(certificate, evidence, moment, _strictly(certificate, evidence))
        return ChainFinding("trusted")
    except InsufficientRevinfoError:
        softly = _finding(certificate, evidence, moment)
        if softly.trust != "trusted":
            return softly
        return ChainFinding("trusted", ("revocation_not_checked",))
    except (ValidationError, PathError, *BROKEN) as error:
        return _rejected(error)


def _finding(
    certificate: asn1_x509.Certificate, evidence: Evidence, moment: datetime
) -> ChainFinding:
    try:
        _validate(certificate, evidence, moment, _SOFTLY)
        return ChainFinding("trusted")
    except StaleRevinfoError:
        return _by_old_lists(certificate, evidence, moment)
    except (ValidationError, PathError, *BROKEN) as error:
        return _rejected(error)


def _by_old_lists(
    certificate: asn1_x509.Certificate, evidence: Evidence, moment: datetime
) -> ChainFinding:
    """By lists that were made long before: whom they name is revoked, others are not known to be.

    An archival stamp is judged years after its lists were embedded (ETSI EN 319 102-1, 5.5.3,
    leaves their freshness to the policy).
    """
    try:
        _validate(certificate, evidence, moment, replace(_SOFTLY, **_ANY_AGE))
        return ChainFinding("trusted")
    except (ValidationError, PathError, *BROKEN) as error:
        return _rejected(error)


def _rejected(error: Exception) -> ChainFinding:
    if isinstance(error, PathBuildingError):
        return ChainFinding("unknown", ("no_trust_anchor",))
    if isinstance(error, InvalidCertificateError) and "self-signed" in str(error):
        return ChainFinding("unknown", ("no_trust_anchor",))
    if isinstance(error, RevokedError):
        return ChainFinding("untrusted", ("revoked",))
    if isinstance(error, ExpiredError):
        return ChainFinding("untrusted", ("certificate_expired",))
    if isinstance(error, NotYetValidError):
        return ChainFinding("untrusted", ("certificate_not_yet_valid",))
    if isinstance(error, DisallowedAlgorithmError):
        return ChainFinding("unknown", ("weak_digest_sha1",))
    return ChainFinding("untrusted", ("chain_invalid",))


def _validate(
    certificate: asn1_x509.Certificate,
    evidence: Evidence,
    moment: datetime,
    revocation: CertRevTrustPolicy,
) -> None:
    current = abs((datetime.now(UTC) - moment).total_seconds()) < 60
    fetchers = evidence.fetchers if current else None
    context = ValidationContext(
        trust_roots=[one.certificate for one in evidence.anchors if one.trusted_at(moment)],
        other_certs=list(evidence.certificates),
        # pyHanko fetches for the present only; the past is judged by what is at hand.
        moment=None if fetchers else moment,
        allow_fetching=fetchers is not None,
        fetchers=fetchers,
        crls=list(evidence.crls),
        ocsps=list(evidence.ocsps),
        revinfo_policy=revocation,
        algorithm_usage_policy=DisallowWeakAlgorithmsPolicy(),
    )
    validator = CertificateValidator(certificate, validation_context=context)
    run_to_end(validator.async_validate_path())


def _strictly(certificate: asn1_x509.Certificate, evidence: Evidence) -> CertRevTrustPolicy:
    return CertRevTrustPolicy(checking(certificate, evidence.certificates, evidence.crls))


def _usable(certificate: asn1_x509.Certificate, purpose: Purpose) -> bool:
    usage = certificate.key_usage_value
    extended = certificate.extended_key_usage_value
    if purpose == "timestamping":
        return extended is not None and "time_stamping" in extended.native
    if extended is not None and set(extended.native) <= _OTHER_PURPOSES:
        return False
    if usage is None:
        return True
    return bool({"digital_signature", "non_repudiation"} & usage.native)


def run_to_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine from ordinary code, also where an event loop is running already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    outcome: list[Any] = []

    def work() -> None:
        try:
            outcome.extend((asyncio.run(coroutine), None))
        except BaseException as error:  # raised again in the caller's thread
            outcome.extend((None, error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    result, error = outcome
    if error is not None:
        raise error
    return result
