using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Node.Bench.Sensors;

namespace Picket.Spec.Bench;

[SupportedOSPlatform("linux")]
public sealed class ProcessClockTests
{
    [Fact]
    public void What_a_thread_used_stays_counted_when_it_has_ended()
    {
        var before = ProcessClock.Seconds(Environment.ProcessId);
        var thread = new Thread(() =>
        {
            var watch = Stopwatch.StartNew();
            while (ProcessClock.Seconds(Environment.ProcessId) < before + 0.05) Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "waited 20 s for a clock of CPU time");
        });
        thread.Start();
        thread.Join();
        Assert.True(ProcessClock.Seconds(Environment.ProcessId) >= before + 0.05);

        // Beyond the largest number that a process can have.
        Assert.Equal(0, ProcessClock.Seconds((1 << 22) + 1));
    }
}
