package eris.server.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import eris.server.metrics.MetricsText.Kind;
import eris.server.metrics.MetricsText.Label;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;

/// The process and its JVM, under the names that dashboards for Java know.
final class JvmMetrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private JvmMetrics() {}

  static void writeTo(MetricsText text) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    MemoryUsage heap = memory.getHeapMemoryUsage();
    text.begin(Kind.GAUGE, "jvm_memory_used_bytes", "Memory of the JVM in use.")
        .sample("jvm_memory_used_bytes", heap.getUsed(), area("heap"))
        .sample("jvm_memory_used_bytes", memory.getNonHeapMemoryUsage().getUsed(), area("nonheap"));
    text.begin(Kind.GAUGE, "jvm_memory_max_bytes", "The most it may be.")
        .sample("jvm_memory_max_bytes", heap.getMax(), area("heap"));
    writeBuffers(text);
    writeCollections(text);
    text.single(
        Kind.GAUGE,
        "jvm_threads_current",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount());
    writeProcess(text);
  }

  private static void writeBuffers(MetricsText text) {
    text.begin(Kind.GAUGE, "jvm_buffer_pool_used_bytes", "Memory outside of the heap.");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      var name = new Label("pool", pool.getName());
      text.sample("jvm_buffer_pool_used_bytes", pool.getMemoryUsed(), name);
    }
  }

  private static void writeCollections(MetricsText text) {
    text.begin(Kind.SUMMARY, "jvm_gc_collection_seconds", "Pauses of garbage collectors.");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      var name = new Label("gc", collector.getName());
      double seconds = collector.getCollectionTime() / MILLIS_PER_SECOND;
      text.sample("jvm_gc_collection_seconds_count", collector.getCollectionCount(), name);
      text.sample("jvm_gc_collection_seconds_sum", seconds, name);
    }
  }

  private static void writeProcess(MetricsText text) {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    text.single(
        Kind.GAUGE,
        "process_start_time_seconds",
        "When the process began, since 1970.",
        runtime.getStartTime() / MILLIS_PER_SECOND);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      text.single(
          Kind.COUNTER,
          "process_cpu_seconds_total",
          "Time of processors used.",
          system.getProcessCpuTime() / NANOS_PER_SECOND);
      text.single(
          Kind.GAUGE,
          "process_open_fds",
          "Descriptors that are open.",
          system.getOpenFileDescriptorCount());
      text.single(
          Kind.GAUGE,
          "process_max_fds",
          "The most that may be open.",
          system.getMaxFileDescriptorCount());
    }
  }

  private static Label area(String name) {
    return new Label("area", name);
  }
}
