package eris.stores.coap;

/// Codes of messages: three bits of class, five of detail. These are the ones with a meaning here.
public final class CoapCode {
  public static final int EMPTY = 0;
  public static final int GET = 0x01;
  public static final int PUT = 0x03;

  public static final int CREATED = 0x41;
  public static final int CONTENT = 0x45;
  public static final int CONTINUE = 0x5f;

  public static final int BAD_REQUEST = 0x80;
  public static final int UNAUTHORIZED = 0x81;
  public static final int BAD_OPTION = 0x82;
  public static final int FORBIDDEN = 0x83;
  public static final int NOT_FOUND = 0x84;
  public static final int METHOD_NOT_ALLOWED = 0x85;
  public static final int NOT_ACCEPTABLE = 0x86;
  public static final int ENTITY_INCOMPLETE = 0x88;
  public static final int ENTITY_TOO_LARGE = 0x8d;
  public static final int TOO_MANY_REQUESTS = 0x9d;

  public static final int INTERNAL_ERROR = 0xa0;
  public static final int UNAVAILABLE = 0xa3;
  public static final int NO_PROXY = 0xa5;

  public static final int CSM = 0xe1;
  public static final int PING = 0xe2;
  public static final int PONG = 0xe3;
  public static final int RELEASE = 0xe4;
  public static final int ABORT = 0xe5;

  private CoapCode() {}

  public static boolean isRequest(int code) {
    return code != EMPTY && classOf(code) == 0;
  }

  public static boolean isResponse(int code) {
    int codeClass = classOf(code);
    return codeClass == 2 || codeClass == 4 || codeClass == 5;
  }

  public static boolean isSuccess(int code) {
    return classOf(code) == 2;
  }

  /// Its first digit.
  public static int classOf(int code) {
    return code >>> 5;
  }

  /// Whether it is about the connection (RFC 8323, section 5).
  static boolean isSignal(int code) {
    return classOf(code) == 7;
  }

  /// As the RFCs write it, like `4.04`.
  public static String spoken(int code) {
    return "%d.%02d".formatted(classOf(code), code & 0x1f);
  }
}
