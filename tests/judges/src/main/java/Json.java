import java.util.Collection;
import java.util.Map;
import java.util.StringJoiner;

/** Just enough JSON to answer: maps, collections, numbers, booleans, null, and the rest as text. */
final class Json {
  private Json() {}

  static String of(Object value) {
    if (value == null || value instanceof Boolean || value instanceof Number) return String.valueOf(value);
    if (value instanceof Map<?, ?> map) {
      StringJoiner joined = new StringJoiner(",", "{", "}");
      map.forEach((key, item) -> joined.add(text(key.toString()) + ":" + of(item)));
      return joined.toString();
    }
    if (value instanceof Collection<?> items) {
      StringJoiner joined = new StringJoiner(",", "[", "]");
      items.forEach(item -> joined.add(of(item)));
      return joined.toString();
    }
    return text(value.toString());
  }

  private static String text(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }
}
