package eris.server.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Whom a client's certificate names, which TLS has verified.
final class ClientCertificate {
  private ClientCertificate() {}

  /// The common name of the certificate's subject, if one was shown and it has just one.
  static Optional<String> name(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
    SslHandler tls = connection.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      var shown = tls.engine().getSession().getPeerCertificates();
      return shown[0] instanceof X509Certificate certificate
          ? commonName(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException | InvalidNameException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> commonName(X509Certificate certificate)
      throws InvalidNameException {
    List<Rdn> names =
        new LdapName(certificate.getSubjectX500Principal().getName())
            .getRdns().stream().filter(rdn -> rdn.getType().equalsIgnoreCase("CN")).toList();
    return names.size() == 1
        ? Optional.of(names.getFirst().getValue().toString())
        : Optional.empty();
  }
}
