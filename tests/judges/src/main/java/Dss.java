import eu.europa.esig.dss.diagnostic.AbstractSignatureWrapper;
import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.TimestampType;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * PAdES verdicts, never online. Request: {@code file}, {@code trust} (PEM with roots, may repeat),
 * {@code crl} (file, may repeat), {@code norev=true} (absent revocation data is only a warning: B-B
 * and B-T files carry none), {@code time} (ISO instant of validation).
 *
 * <p>{@code ok} is stricter than DSS's own TOTAL_PASSED, which looks away from changes made after
 * signing: byte range and signature dictionary are sound too, every timestamp passes, later
 * revisions hold nothing but signatures, timestamps, form values and validation data, and the file
 * has as many signatures and timestamps as filled signature fields. The level and the number of
 * signatures are for the caller to assert: DSS cannot know what was stripped.
 */
public final class Dss {
  private static final Set<String> CHANGES_REFUSED = Set.of("other", "annotations");

  private Dss() {}

  public static void main(String[] arguments) throws Exception {
    Requests.serve(Dss::judge);
  }

  private static Map<String, Object> judge(Map<String, List<String>> request) throws Exception {
    File file = new File(request.get("file").get(0));
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
    validator.setCertificateVerifier(offline(request));
    validator.setEnableEtsiValidationReport(false);
    validator.setLocale(Locale.ENGLISH);
    if (request.containsKey("time")) validator.setValidationTime(Date.from(Instant.parse(request.get("time").get(0))));
    Reports reports = validator.validateDocument(new ByteArrayInputStream(policy(request.containsKey("norev"))));
    SimpleReport simple = reports.getSimpleReport();
    DiagnosticData facts = reports.getDiagnosticData();

    List<Map<String, Object>> signatures = new ArrayList<>();
    for (SignatureWrapper signature : facts.getSignatures()) signatures.add(signature(signature, simple, file.length()));
    List<Map<String, Object>> timestamps = new ArrayList<>();
    for (TimestampWrapper timestamp : facts.getTimestampList())
      if (timestamp.getType() == TimestampType.DOCUMENT_TIMESTAMP) timestamps.add(timestamp(timestamp, simple));
    int filled;
    try (PDDocument document = Loader.loadPDF(file)) {
      filled = document.getSignatureDictionaries().size();
    }
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("signatures", signatures);
    verdict.put("timestamps", timestamps);
    verdict.put("filled_fields", filled);
    boolean every = signatures.stream().allMatch(item -> (Boolean) item.get("ok"))
        && timestamps.stream().allMatch(item -> "PASSED".equals(item.get("indication")));
    verdict.put("ok", !signatures.isEmpty() && every && filled == signatures.size() + timestamps.size());
    return verdict;
  }

  private static CommonCertificateVerifier offline(Map<String, List<String>> request) throws Exception {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (String pem : request.getOrDefault("trust", List.of()))
      try (InputStream in = new FileInputStream(pem)) {
        for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in))
          trusted.addCertificate(new CertificateToken((X509Certificate) certificate));
      }
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setAIASource(null);
    verifier.setOcspSource(null);
    verifier.setCrlSource(null);
    List<String> lists = request.getOrDefault("crl", List.of());
    if (!lists.isEmpty())
      verifier.setCrlSource(new ExternalResourcesCRLSource(lists.stream().map(FileDocument::new).toArray(DSSDocument[]::new)));
    verifier.setTrustedCertSources(trusted);
    verifier.setCheckRevocationForUntrustedChains(true);
    return verifier;
  }

  private static byte[] policy(boolean withoutRevocation) throws Exception {
    String policy;
    try (InputStream in = Dss.class.getResourceAsStream("/policy/constraint.xml")) {
      policy = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (withoutRevocation)
      policy = policy.replaceAll(
          "<(RevocationDataAvailable|AcceptableRevocationDataFound) Level=\"[A-Z]+\"", "<$1 Level=\"WARN\"");
    return policy.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> signature(SignatureWrapper signature, SimpleReport simple, long length) {
    String id = signature.getId();
    CertificateWrapper signer = signature.getSigningCertificate();
    List<Map<String, Object>> timestamps = new ArrayList<>();
    for (TimestampWrapper timestamp : signature.getTimestampList()) timestamps.add(timestamp(timestamp, simple));
    String changes = changesAfter(signature);
    boolean rangeSound = signature.isSignatureByteRangeValid() && signature.isPdfSignatureDictionaryConsistent();
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("field", signature.getFirstFieldName());
    verdict.put("signer", signer == null ? null : signer.getCommonName());
    verdict.put("indication", String.valueOf(simple.getIndication(id)));
    verdict.put("sub_indication", text(simple.getSubIndication(id)));
    verdict.put("level", text(signature.getSignatureFormat()));
    verdict.put("intact", signature.isSignatureIntact() && signature.isSignatureValid());
    verdict.put("trusted", signature.isTrustedChain());
    verdict.put("range_sound", rangeSound);
    verdict.put("bytes_after", bytesAfter(signature.getSignatureByteRange(), length));
    verdict.put("changes_after", changes);
    verdict.put("permissions", text(signature.getDocMDPPermissions()));
    verdict.put("claimed_time", time(signature.getClaimedSigningTime()));
    verdict.put("best_time", time(simple.getBestSignatureTime(id)));
    verdict.put("timestamps", timestamps);
    List<String> errors = new ArrayList<>();
    simple.getAdESValidationErrors(id).forEach(message -> errors.add(message.getKey() + ": " + message.getValue()));
    verdict.put("errors", errors);
    boolean stamped = timestamps.stream().allMatch(item -> "PASSED".equals(item.get("indication")));
    verdict.put("ok", simple.getIndication(id) == Indication.TOTAL_PASSED && rangeSound && stamped && !CHANGES_REFUSED.contains(changes));
    return verdict;
  }

  private static Map<String, Object> timestamp(TimestampWrapper timestamp, SimpleReport simple) {
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("type", text(timestamp.getType()));
    verdict.put("time", time(timestamp.getProductionTime()));
    verdict.put("indication", text(simple.getIndication(timestamp.getId())));
    verdict.put("sub_indication", text(simple.getSubIndication(timestamp.getId())));
    verdict.put("intact", timestamp.isMessageImprintDataIntact() && timestamp.isSignatureIntact());
    return verdict;
  }

  /** The gravest kind of change in the revisions behind this signature. */
  private static String changesAfter(AbstractSignatureWrapper signature) {
    if (some(signature.getPdfUndefinedChanges())
        || some(signature.getPdfVisualDifferenceConcernedPages())
        || some(signature.getPdfPageDifferenceConcernedPages())) return "other";
    if (some(signature.getPdfAnnotationChanges())) return "annotations";
    if (some(signature.getPdfSignatureOrFormFillChanges())) return "form_filling";
    if (some(signature.getPdfExtensionChanges())) return "evidence";
    return "none";
  }

  private static boolean some(Collection<?> items) {
    return items != null && !items.isEmpty();
  }

  private static Long bytesAfter(List<BigInteger> range, long length) {
    if (range == null || range.size() != 4) return null;
    return length - range.get(2).longValue() - range.get(3).longValue();
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  private static String time(Date date) {
    return date == null ? null : date.toInstant().toString();
  }
}
