package eris.server.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/// Keeps pages of other sites from asking a server on the user's machine: a name of theirs can be
/// made to lead to it (DNS rebinding), but then the request says that name.
record HostCheck(Set<String> alsoAllowed) {
  HostCheck {
    alsoAllowed = Set.copyOf(alsoAllowed);
  }

  /// Whether a request to a loopback address may name this host.
  boolean allows(String authority) {
    String host = hostOf(authority).toLowerCase(Locale.ROOT);
    return host.equals("localhost") || alsoAllowed.contains(host) || isLoopbackAddress(host);
  }

  /// Whether a request to a loopback address may come from a page of this origin.
  boolean allowsOrigin(String origin) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && allows(origin.substring(scheme + 3));
  }

  /// Only what is written as an address: a name is never looked up.
  private static boolean isLoopbackAddress(String host) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    return address != null && address.isLoopbackAddress();
  }

  /// Without the port, and without the brackets of IPv6.
  private static String hostOf(String authority) {
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      return end < 0 ? "" : authority.substring(1, end);
    }
    int colon = authority.indexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }
}
