package eris.stores;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// What a client of TLS goes by, in files of PEM.
///
/// @param authorities whom it trusts to certify servers; if empty, whom the JDK trusts
/// @param identity what it shows of itself, if anything
public record TlsFiles(Optional<Path> authorities, Optional<Identity> identity) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /// Who one side says it is.
  ///
  /// @param certificate its own, and those up to a root
  /// @param key of the certificate, in PKCS #8
  public record Identity(Path certificate, Path key) {
    /// Reads the files.
    ///
    /// @throws IOException with a line that names the file at fault, and tells nothing of the key
    public KeyStore.PrivateKeyEntry read() throws IOException {
      var chain = certificates(certificate).toArray(X509Certificate[]::new);
      return new KeyStore.PrivateKeyEntry(privateKey(key, chain[0].getPublicKey()), chain);
    }
  }

  /// Reads the files.
  ///
  /// @throws IOException with a line that names the file at fault
  public SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(), trustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS does not take these certificates", e);
    }
  }

  private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (authorities.isEmpty()) {
      factory.init((KeyStore) null);
      return factory.getTrustManagers();
    }
    KeyStore trusted = empty();
    int number = 0;
    for (Certificate certificate : certificates(authorities.get())) {
      trusted.setCertificateEntry("authority " + number++, certificate);
    }
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
    if (identity.isEmpty()) {
      return new KeyManager[0];
    }
    char[] password = {};
    KeyStore own = empty();
    own.setEntry("own", identity.get().read(), new KeyStore.PasswordProtection(password));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, password);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /// The certificates of a file.
  ///
  /// @throws IOException if there are none
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var all = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!all.isEmpty()) {
        return all.stream().map(X509Certificate.class::cast).toList();
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificates: want PEM", e);
    }
    throw new IOException(file + " holds no certificates: want PEM");
  }

  private static PrivateKey privateKey(Path file, PublicKey of) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(file + " holds no key: want PEM, unencrypted, in PKCS #8");
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
      PrivateKey read =
          KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(key));
      if (areTwins(read, of)) {
        return read;
      }
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw new IOException(file + " is not the key of the certificate"); // and tell no more of it
    }
    throw new IOException(file + " is not the key of the certificate");
  }

  private static boolean areTwins(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (other.getAlgorithm()) {
              case "EC" -> "SHA256withECDSA";
              case "RSA" -> "SHA256withRSA";
              default -> other.getAlgorithm();
            });
    byte[] anything = {1};
    signature.initSign(key);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(anything);
    return signature.verify(signed);
  }
}
