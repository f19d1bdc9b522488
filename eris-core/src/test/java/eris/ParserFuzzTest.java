package eris;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Locale;

/// The parsers of what people paste: nothing but their own exception comes out, and whatever they
/// take they also spell that way.
///
/// A plain test run replays the inputs kept beside the tests. To search for new ones, a method at a
/// time: `JAZZER_FUZZ=1 mvn test -pl eris-core -Dtest=ParserFuzzTest#capabilityText`.
class ParserFuzzTest {
  @FuzzTest
  void capabilityText(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      assertThat(ReadCapability.parse(text).toUrn()).isEqualTo(withLowerCasePrefix(text));
    } catch (ErisException.MalformedCapability e) {
      assertNothingLeaks(e, text);
    }
  }

  @FuzzTest
  void capabilityBytes(byte[] input) throws ErisException {
    try {
      ReadCapability capability = ReadCapability.parse(input);
      assertThat(capability.toBytes()).isEqualTo(input);
      assertThat(ReadCapability.parse(capability.toUrn())).isEqualTo(capability);
    } catch (ErisException.MalformedCapability _) {
      assertThat(input.length != ReadCapability.BYTES || input[0] != 0x0a && input[0] != 0x0f)
          .isTrue();
    }
  }

  @FuzzTest
  void draftCapability(byte[] input) throws ErisException {
    String text = new String(input, UTF_8);
    try {
      DraftCapability draft = DraftCapability.parse(text);
      assertThat(DraftCapability.isDraft(text)).isTrue();
      var root = new ReadCapability(draft.blockSize(), draft.level(), draft.root());
      // All but the block size code, which the first draft wrote in another way.
      String digits = text.substring(text.lastIndexOf(':') + 1);
      assertThat(root.toUrn()).endsWith(digits.substring(2));
    } catch (ErisException.MalformedCapability e) {
      assertNothingLeaks(e, text);
    }
  }

  @FuzzTest
  void reference(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      Reference reference = Reference.parse(text);
      assertThat(withLowerCasePrefix(text)).isIn(reference.toString(), reference.toUrn());
    } catch (ErisException.MalformedReference e) {
      assertNothingLeaks(e, text);
    }
  }

  private static String withLowerCasePrefix(String text) {
    int end = text.lastIndexOf(':') + 1;
    return text.substring(0, end).toLowerCase(Locale.ROOT) + text.substring(end);
  }

  private static void assertNothingLeaks(ErisException e, String text) {
    String digits = text.substring(text.lastIndexOf(':') + 1);
    if (digits.length() > 20) {
      assertThat(e).message().doesNotContain(digits.substring(0, 20));
    }
  }
}
