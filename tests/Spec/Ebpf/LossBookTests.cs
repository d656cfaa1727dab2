using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

public sealed class LossBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 0, TimeSpan.Zero);

    private readonly LossBook _book = new(TimeSpan.FromMinutes(1));
    private readonly Dictionary<RecordKind, CounterRow> _now = [], _said = [];
    private readonly List<SensorLoss> _losses = [];
    private int _seconds;

    [Fact]
    public void A_storm_is_said_at_once_and_then_once_a_minute_for_each_kind_and_nothing_is_left_out()
    {
        for (var look = 0; look < 30; look++)
        {
            Lose(RecordKind.FileCreate, full: 3, reserve: 2);
            if (look >= 12) Lose(RecordKind.Exec, busy: 1);
            Look();
        }

        var files = _losses.Where(loss => loss.Kind == RecordKind.FileCreate).ToList();
        Assert.Equal([10, 70, 130, 190, 250], files.Select(loss => (loss.To - Start).TotalSeconds));
        Assert.Equal([0, 10, 70, 130, 190], files.Select(loss => (loss.From - Start).TotalSeconds));
        Assert.Equal([5, 30, 30, 30, 30], files.Select(loss => loss.Total));
        Assert.Equal([130, 190, 250], _losses.Where(loss => loss.Kind == RecordKind.Exec).Select(loss => (loss.To - Start).TotalSeconds));

        Look(all: true);
        Assert.Equal(30 * 5, _losses.Where(loss => loss.Kind == RecordKind.FileCreate).Sum(loss => loss.Total));
        Assert.Equal(18, _losses.Where(loss => loss.Kind == RecordKind.Exec).Sum(loss => loss.Busy));
    }

    [Fact]
    public void What_is_lost_after_a_pause_began_at_the_look_before_and_quiet_kinds_are_not_said()
    {
        Lose(RecordKind.Exec, full: 1);
        Look();
        for (var i = 0; i < 20; i++) Look();
        Assert.Single(_losses);
        Lose(RecordKind.Exec, full: 7);
        Look();
        Assert.Equal((7L, 210d, 220d), (_losses[^1].Lost, (_losses[^1].From - Start).TotalSeconds, (_losses[^1].To - Start).TotalSeconds));
    }

    [Fact]
    public void Losses_are_fresh_once()
    {
        Lose(RecordKind.Exec, full: 4);
        Assert.Equal(4, Look());
        Lose(RecordKind.Exec, full: 3);
        Assert.Equal(3, Look());
        Assert.Equal(0, Look());
        Assert.Equal(0, Look(all: true));
        Assert.Equal([4, 3], _losses.Select(loss => loss.Total));
    }

    private void Lose(RecordKind kind, ulong full = 0, ulong reserve = 0, ulong busy = 0)
    {
        var row = _now.GetValueOrDefault(kind);
        row.Lost += full;
        row.Refused += reserve;
        row.Busy += busy;
        _now[kind] = row;
    }

    /// <summary>A look, ten seconds after the one before.</summary>
    private long Look(bool all = false)
    {
        var (before, sum) = (Start.AddSeconds(_seconds), 0L);
        _seconds += 10;
        foreach (var (kind, row) in _now)
        {
            if (_book.Look(kind, row, _said.GetValueOrDefault(kind), before, Start.AddSeconds(_seconds), all, out var fresh) is { } loss)
            {
                _losses.Add(loss);
                _said[kind] = row;
            }

            sum += fresh;
        }

        return sum;
    }
}
