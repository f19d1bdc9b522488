package eris.stores;

import java.time.Duration;

/// Time, so that tests need none.
public interface Clock {
  long nanoTime();

  void pause(Duration duration) throws InterruptedException;

  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };
}
