package eris.server.http;

import eris.server.access.Account;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.blocks.Overloaded;
import eris.server.blocks.RequestCounts.Method;
import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Used on the event loop, but for [#answer], which any thread may call.
final class Exchange {
  private final Connection connection;
  private final HttpRequest request;
  private final long startNanos = System.nanoTime();
  private @Nullable Target target;
  private Optional<Account> account = Optional.empty();
  private @Nullable HttpResponseStatus status; // of the answer, once it has begun
  private long sentBytes; // of its body

  Exchange(Connection connection, HttpRequest request) {
    this.connection = connection;
    this.request = request;
  }

  void begin(Target parsed) {
    target = parsed;
  }

  HttpMethod method() {
    return request.method();
  }

  boolean isHead() {
    return method().equals(HttpMethod.HEAD);
  }

  /// The method, as far as it is told apart in figures.
  Method countedAs() {
    return switch (method().name()) {
      case "GET" -> Method.GET;
      case "HEAD" -> Method.HEAD;
      case "PUT" -> Method.PUT;
      case "POST" -> Method.POST;
      default -> Method.OTHER;
    };
  }

  HttpHeaders headers() {
    return request.headers();
  }

  /// The raw query, without its question mark.
  String query() {
    return target == null ? "" : target.query();
  }

  /// The path as it was sent; empty if none was understood.
  String path() {
    return target == null ? "" : target.path();
  }

  /// For whom this is done, if somebody showed a token.
  Optional<Account> account() {
    return account;
  }

  /// An answer was begun, with this status.
  void begun(HttpResponseStatus with) {
    status = with;
  }

  boolean isBegun() {
    return status != null;
  }

  /// Of the answer, which has begun.
  HttpResponseStatus status() {
    return Objects.requireNonNull(status);
  }

  /// So much more of the body of the answer was sent.
  void sent(int bytes) {
    sentBytes += bytes;
  }

  /// Of the body of the answer.
  long sentBytes() {
    return sentBytes;
  }

  boolean isFor(String path) {
    return target != null && target.path().equals(path);
  }

  /// How long ago the head of the request came.
  long ageNanos() {
    return System.nanoTime() - startNanos;
  }

  InetSocketAddress remoteAddress() {
    return connection.peer().remoteAddress();
  }

  InetSocketAddress localAddress() {
    return connection.peer().localAddress();
  }

  /// Whether it is asked from this machine.
  boolean isLocal() {
    return connection.peer().remoteAddress().getAddress().isLoopbackAddress();
  }

  /// Whether it is asked by the owner of the store, who may do anything with it.
  boolean isOwners() {
    return connection.peer().isOwner();
  }

  /// Whether who asks needs no token for what is not everybody's.
  boolean isTrusted(HttpSettings by) {
    return isOwners() || by.trustsThisMachine() && isLocal();
  }

  /// Whether blocks are taken from where this comes from.
  boolean mayPut(HttpSettings by) {
    return isOwners() || by.put() != HttpSettings.Put.OFF;
  }

  /// Whether it takes no token to put blocks.
  boolean putsFreely(HttpSettings by) {
    return isOwners() || by.put() == HttpSettings.Put.ON && isLocal();
  }

  /// Lets in who may do this, and answers everybody else.
  ///
  /// @param isFree whether it takes no token
  void admit(Gate gate, boolean isFree, Permission wanted, Consumer<Optional<Account>> welcome) {
    switch (decide(gate, isFree, wanted)) {
      case Gate.Decision.Welcome(var account) -> welcome.accept(account);
      case Gate.Decision.Stranger _ ->
          answer(
              Answer.line(HttpResponseStatus.UNAUTHORIZED, "this takes a token that is known here")
                  .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"));
      case Gate.Decision.NotAllowed _ ->
          refuse(HttpResponseStatus.FORBIDDEN, "the token does not allow to " + wanted);
    }
  }

  Gate.Decision decide(Gate gate, boolean isFree, Permission wanted) {
    var authorization = Optional.ofNullable(headers().get(HttpHeaderNames.AUTHORIZATION));
    Gate.Decision decision =
        authorization.isPresent()
            ? gate.decide(isFree, authorization, wanted)
            : gate.decideByName(isFree, connection.peer().certifiedName(), wanted);
    if (decision instanceof Gate.Decision.Welcome(var known)) {
      account = known;
    }
    return decision;
  }

  /// Answers in full. Of several answers the first counts.
  void answer(Answer answer) {
    connection.answer(this, answer);
  }

  /// Answers with one line. The rest of the request is not read.
  void refuse(HttpResponseStatus status, String text) {
    answer(Answer.line(status, text));
  }

  /// Refuses what may be asked again after a pause.
  void refuseFor(Duration pause) {
    answer(
        Answer.line(HttpResponseStatus.TOO_MANY_REQUESTS, "the account puts too fast")
            .with(HttpHeaderNames.RETRY_AFTER, Long.toString(pause.toSeconds() + 1)));
  }

  /// Refuses what the account has no room for.
  void refuseOverQuota() {
    refuse(HttpResponseStatus.INSUFFICIENT_STORAGE, "the quota of the account is used up");
  }

  /// Refuses a method; `allowed` as in the header of that name.
  void refuseMethod(String allowed) {
    answer(
        Answer.line(HttpResponseStatus.METHOD_NOT_ALLOWED, "this path takes " + allowed)
            .with(HttpHeaderNames.ALLOW, allowed));
  }

  /// Refuses a request that cannot be understood, and all that comes after it on the connection.
  void breakOff(String text) {
    connection.closeAfterAnswer();
    refuse(HttpResponseStatus.BAD_REQUEST, text);
  }

  /// Says what became of the request, if the store was in trouble or had no time.
  void answer(Trouble trouble) {
    troubled(trouble);
    answer(Answer.of(trouble));
  }

  /// Runs `work` where it may block. What it throws is a failure of ours.
  void execute(BlockService blocks, Runnable work) {
    try {
      blocks.execute(() -> attempt(work));
    } catch (Overloaded e) {
      answer(Trouble.OVERLOADED);
    }
  }

  /// Runs `work` where it may block, and then releases `bytes`.
  void execute(BlockService blocks, Runnable work, ByteBuf bytes) {
    try {
      blocks.execute(
          () -> {
            try {
              attempt(work);
            } finally {
              bytes.release();
            }
          });
    } catch (Overloaded e) {
      bytes.release();
      answer(Trouble.OVERLOADED);
    }
  }

  /// Runs `work`. What it throws is a failure of ours.
  void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      failed(e);
      answer(Trouble.FAILED);
    }
  }

  /// Tells the operator of a failure of ours.
  void failed(Throwable failure) {
    connection.report(failure);
  }

  /// Tells the operator what kept us from doing what was asked.
  void troubled(Trouble trouble) {
    connection.report(this, trouble);
  }

  /// Takes the body, if it is not more than `mostBytes`, and then calls `whole` on the event loop,
  /// which releases it.
  void collect(int mostBytes, Consumer<ByteBuf> whole) {
    connection.collect(this, mostBytes, whole);
  }

  /// Passes the body on as it comes. Called on the event loop, before any of it has come.
  void stream(Body taker) {
    connection.stream(this, taker);
  }

  /// Goes on reading a body that was full.
  void resume() {
    connection.resume();
  }

  /// Begins to answer 200 in parts.
  void begin(HttpHeaders headers) {
    begin(HttpResponseStatus.OK, headers);
  }

  /// Begins to answer in parts, which are as long together as the headers say, if they do.
  void begin(HttpResponseStatus with, HttpHeaders headers) {
    connection.begin(this, with, headers);
  }

  /// Sends a part of the answer, which it releases, and tells the listener what became of it.
  void send(ByteBuf part, ChannelFutureListener listener) {
    connection.send(this, part, listener);
  }

  /// Ends an answer in parts. If the body was not at its end, so does the connection.
  void end() {
    connection.end(this);
  }

  /// Hangs up: there is nobody to answer.
  void cut() {
    connection.cut(this);
  }

  /// Whether the connection can change to another protocol: it speaks HTTP/1.1, and to one client.
  boolean canUpgrade() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_1) && connection.canUpgrade();
  }

  /// Speaks another protocol from now on. Called on the event loop.
  void upgrade(HttpHeaders headers, Body taker) {
    connection.upgrade(this, headers, taker);
  }

  HttpRequest request() {
    return request;
  }
}
