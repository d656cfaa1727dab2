using Picket.Sensors.Ebpf;

namespace Picket.Spec.Ebpf;

public sealed class TracingWatchTests : IDisposable
{
    private readonly string _folder = TestFolder.Make("tracing");

    private string Switch => Path.Combine(_folder, "tracing_on");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_switch_that_goes_off_is_said_once_each_time()
    {
        File.WriteAllText(Switch, "1\n");
        var watch = new TracingWatch(Switch, Path.Combine(_folder, "none"));
        Assert.Empty(watch.Look());
        File.WriteAllText(Switch, "0\n");
        Assert.Equal([new TracingSwitchedOff(Switch)], watch.Look());
        Assert.Empty(watch.Look());
        File.WriteAllText(Switch, "1\n");
        Assert.Empty(watch.Look());
        File.WriteAllText(Switch, "0\n");
        Assert.Single(watch.Look());
    }

    [Fact]
    public void What_was_off_already_or_cannot_be_read_is_not_said()
    {
        File.WriteAllText(Switch, "0\n");
        var watch = new TracingWatch(Switch);
        Assert.Empty(watch.Look());
        File.Delete(Switch);
        Assert.Empty(watch.Look());
    }
}
