package eris.server.http;

import eris.server.config.TlsSettings;
import eris.stores.TlsFiles;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.cert.X509Certificate;

/// Makes what TLS needs of its files, and says which of them is no good.
final class TlsContext {
  private static final ApplicationProtocolConfig PROTOCOLS =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private TlsContext() {}

  /// @throws IOException with a line that names the file at fault
  static SslContext of(TlsSettings settings) throws IOException {
    var own = new TlsFiles.Identity(settings.certificates(), settings.key()).read();
    SslContextBuilder builder =
        SslContextBuilder.forServer(
            own.getPrivateKey(), (X509Certificate[]) own.getCertificateChain());
    if (settings.clientAuthorities().isPresent()) {
      builder
          .trustManager(TlsFiles.certificates(settings.clientAuthorities().get()))
          .clientAuth(ClientAuth.OPTIONAL);
    }
    return builder
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(PROTOCOLS)
        .build();
  }
}
