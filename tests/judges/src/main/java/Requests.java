import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One request a line on stdin ({@code key=value} pairs between tabs, keys may repeat), one JSON
 * line a request on stdout. A request that breaks or hangs is answered with {@code error}; the
 * process lives on, so that hundreds of files cost one JVM start.
 */
final class Requests {
  private static final int LIMIT_SECONDS = 120;

  interface Judge {
    Map<String, Object> judge(Map<String, List<String>> request) throws Exception;
  }

  private Requests() {}

  static void serve(Judge judge) throws Exception {
    java.util.logging.LogManager.getLogManager().reset();
    PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // libraries that print do not disturb the answers
    ExecutorService pool = Executors.newCachedThreadPool(work -> {
      Thread thread = new Thread(null, work, "judge", 64L << 20); // deep page trees recurse deeply
      thread.setDaemon(true);
      return thread;
    });
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Map<String, List<String>> request = parse(line);
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("file", request.getOrDefault("file", List.of("")).get(0));
      Future<Map<String, Object>> job = pool.submit(() -> judge.judge(request));
      try {
        answer.putAll(job.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      } catch (Exception failure) {
        job.cancel(true);
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        answer.put("error", cause.getClass().getSimpleName() + ": " + cause.getMessage());
      }
      answers.println(Json.of(answer));
    }
    System.exit(0);
  }

  private static Map<String, List<String>> parse(String line) {
    Map<String, List<String>> request = new LinkedHashMap<>();
    for (String pair : line.split("\t")) {
      int at = pair.indexOf('=');
      request.computeIfAbsent(pair.substring(0, at), key -> new ArrayList<>()).add(pair.substring(at + 1));
    }
    return request;
  }
}
