"""The village's own signature in a PDF: PAdES (ETSI.CAdES.detached, B-B) by pyHanko, with a P-256 certificate the village made itself.

It shows that the file was not changed since and which key sealed it. It is no certified electronic signature (UU 1/2024 art. 13;
PP 71/2019 art. 60: certified needs a certificate of an Indonesian provider), and says so in the certificate, in the signature's
reason and on the paper. The signature certifies the file for "no changes": readers mark anything added afterwards.

pyHanko takes a second to import, so it is loaded when the first letter is sealed, or by ``warm``.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FIELD = "SimpulSegel"
REASON = "Bukti keutuhan isi surat; bukan tanda tangan elektronik tersertifikasi"
ORGANISATION_UNIT = "Segel keutuhan surat desa - bukan sertifikat PSrE"
_YEARS = 10
_CODE = re.compile(rb"SL[0-9]{1,3}:[0-9A-Z $%*+./:-]{100,600}(?=<)")
_RESERVED = 4096  # hex signs kept free for one P-256 signature with its certificate; it needs about 2,900


def _archive_writer(base: Any) -> Any:
    """A writer that keeps the file PDF/A-2: it stays PDF 1.7, and its metadata stay as typst wrote them."""

    def register_extension(self: Any, extension: Any) -> None:
        if str(extension.base_version) == "/1.7":
            base.register_extension(self, extension)

    return type(
        "ArchiveWriter",
        (base,),
        {
            "output_version": (1, 7),
            "ensure_output_version": lambda _self, _version=None, **_same: None,
            "register_extension": register_extension,
            "_update_meta": lambda _self: None,
        },
    )


@lru_cache(maxsize=1)
def _pyhanko() -> Any:
    """The parts of pyHanko that are used here."""
    writing = importlib.import_module("pyhanko.pdf_utils.incremental_writer")
    return SimpleNamespace(
        writer=_archive_writer(writing.IncrementalPdfFileWriter),
        reader=importlib.import_module("pyhanko.pdf_utils.reader"),
        fields=importlib.import_module("pyhanko.sign.fields"),
        signers=importlib.import_module("pyhanko.sign.signers"),
        validation=importlib.import_module("pyhanko.sign.validation"),
        certs=importlib.import_module("pyhanko_certvalidator.registry"),
        context=importlib.import_module("pyhanko_certvalidator"),
        asn1_x509=importlib.import_module("asn1crypto.x509"),
        asn1_keys=importlib.import_module("asn1crypto.keys"),
    )


def warm() -> None:
    """Load what signing needs before somebody waits for it."""
    _pyhanko()


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: str
    private: str


def make_certificate(village: str, region_code: str, key_code: str, at: datetime) -> Pair:
    """A certificate of the village's own, for ten years, that says what it is not."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, village[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, ORGANISATION_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Simpul {region_code} {key_code}"),
        ]
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return Pair(
        built.public_bytes(serialization.Encoding.PEM).decode(),
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    )


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@lru_cache(maxsize=8)
def _signer(certificate: str, private: str) -> Any:
    lib = _pyhanko()
    key = serialization.load_pem_private_key(private.encode(), password=None)
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return lib.signers.SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=lib.asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=lib.certs.SimpleCertificateStore(),
    )


def _asn1(certificate: str) -> Any:
    der = x509.load_pem_x509_certificate(certificate.encode()).public_bytes(serialization.Encoding.DER)
    return _pyhanko().asn1_x509.Certificate.load(der)


def sign(pdf: bytes, pair: Pair, *, village: str, at: datetime) -> bytes:
    """The file with the village's seal behind it; the bytes before it stay as they are."""
    lib = _pyhanko()
    meta = lib.signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=REASON,
        location=village,
        name=village,
        certify=True,
        docmdp_permissions=lib.fields.MDPPerm.NO_CHANGES,
        subfilter=lib.fields.SigSeedSubFilter.PADES,
    )
    signer = lib.signers.PdfSigner(meta, signer=_signer(pair.certificate, pair.private))
    out = signer.sign_pdf(lib.writer(BytesIO(pdf)), bytes_reserved=_RESERVED)
    return bytes(out.getvalue())


def fingerprint(certificate: str) -> str:
    """SHA-256 of a certificate (PEM), as 64 hexadecimal signs; "" for none."""
    if not certificate:
        return ""
    return x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256()).hex()


def code_in(pdf: bytes) -> str:
    """The signed code of a letter as its file carries it for programs, among the metadata; "" when there is none."""
    try:
        with pikepdf.open(BytesIO(pdf)) as file:
            told = file.Root.Metadata.read_bytes()
    except (pikepdf.PdfError, AttributeError, KeyError):
        return ""
    found = _CODE.search(told)
    return found[0].decode() if found else ""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a PDF's signature says when it is looked at.

    ``intact``: the signed bytes are as they were; ``whole``: nothing was added behind them.
    """

    field: str
    intact: bool
    whole: bool
    subject: str
    certificate: str  # PEM
    fingerprint: str  # SHA-256 of the certificate
    reason: str = ""


def seals(pdf: bytes) -> list[Seal]:
    """Every signature in a file. Whom to believe is the caller's question: compare the certificate with those it knows.

    Raises:
        ValueError: the bytes are no PDF that can be read.
    """
    lib = _pyhanko()
    try:
        found = lib.reader.PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        return [_seal(lib, one) for one in found]
    except Exception as fault:  # pyHanko tells of broken files with many classes of its own and of Python's
        raise ValueError(f"no readable PDF: {fault}") from fault


def _seal(lib: Any, one: Any) -> Seal:
    status = lib.validation.validate_pdf_signature(
        one,
        signer_validation_context=lib.context.ValidationContext(
            trust_roots=[one.signer_cert], allow_fetching=False
        ),
        skip_diff=True,
    )
    whole = one.evaluate_signature_coverage() == lib.validation.SignatureCoverageLevel.ENTIRE_FILE
    certificate = x509.load_der_x509_certificate(one.signer_cert.dump())
    return Seal(
        field=str(one.field_name),
        intact=bool(status.intact and status.valid),
        whole=bool(whole),
        subject=str(one.signer_cert.subject.human_friendly),
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        reason=str(one.sig_object.get("/Reason", "")),
    )
