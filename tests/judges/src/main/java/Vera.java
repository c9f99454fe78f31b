import java.io.FileInputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** PDF/A verdicts. Request: {@code file}, {@code flavour} ("2b" ..., or "auto" = as the file claims). */
public final class Vera {
  private Vera() {}

  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    Requests.serve(request -> judge(request.get("file").get(0), request.get("flavour").get(0)));
  }

  private static Map<String, Object> judge(String file, String flavour) throws Exception {
    var foundry = Foundries.defaultInstance();
    boolean claimed = flavour.equals("auto");
    PDFAFlavour asked = claimed ? PDFAFlavour.NO_FLAVOUR : PDFAFlavour.byFlavourId(flavour);
    if (!claimed && asked == PDFAFlavour.NO_FLAVOUR) throw new IllegalArgumentException("no flavour " + flavour);
    try (InputStream in = new FileInputStream(file);
        PDFAParser parser = claimed ? foundry.createParser(in) : foundry.createParser(in, asked);
        PDFAValidator validator = foundry.createValidator(parser.getFlavour(), false)) {
      ValidationResult result = validator.validate(parser);
      Map<String, Object> failures = new TreeMap<>();
      for (TestAssertion test : result.getTestAssertions()) {
        if (test.getStatus() != TestAssertion.Status.FAILED) continue;
        String rule = test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber();
        failures.putIfAbsent(rule, test.getMessage() + " @ " + test.getLocation().getContext());
      }
      Map<String, Object> verdict = new LinkedHashMap<>();
      verdict.put("flavour", parser.getFlavour().getId());
      verdict.put("compliant", result.isCompliant());
      verdict.put("failures", failures);
      return verdict;
    }
  }
}
