using System.Collections.Concurrent;
using System.Text;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;

namespace Picket.Spec.Context;

/// <summary>A lane keeps its records, in their order, over the limits of memory, disk and runs; and its book balances all the time.</summary>
public sealed class SpillLaneTests : IDisposable
{
    private const long Smallest = 32L << 20;

    private readonly string _folder = TestFolder.Make("spill");
    private readonly List<string> _handed = [];
    private SpillLane _lane;
    private long _number;
    private long _barrier;

    public SpillLaneTests() => _lane = Open();

    public void Dispose()
    {
        _lane.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Records_come_back_in_their_order_and_the_disk_is_given_back()
    {
        Assert.True(_lane.IsDrained);
        for (var i = 0; i < 40; i++)
        {
            Assert.True(Take(700, 100));
            Balance();
            if (i % 3 == 0) WorkOff(1);
        }

        Assert.False(_lane.IsDrained);
        WorkOff(int.MaxValue);
        Assert.True(_lane.IsDrained && _lane.IsWorkedOff);
        Assert.Equal(Enumerable.Range(0, 28_000).Select(i => $"{i}"), _handed);
        Balance();
        Assert.Equal(28_000, _lane.Edge.Taken);
    }

    [Fact]
    public void With_the_disk_full_batches_are_held_and_order_stays()
    {
        var full = 0;
        for (var i = 0; i < 60; i++) full += Take(500, 2_000) ? 0 : 1;
        Assert.InRange(full, 10, 50);
        Balance();
        WorkOff(5);

        // There is room on disk again, but what came later must stay behind what is held.
        Assert.False(Take(10, 10));
        WorkOff(int.MaxValue);
        Assert.True(_lane.IsDrained);
        Assert.Equal(Enumerable.Range(0, 30_010).Select(i => $"{i}"), _handed);
        Balance();
        Assert.True(Take(10, 10));
        WorkOff(int.MaxValue);
        Assert.Equal(30_020, _handed.Count);
    }

    [Fact]
    public void What_a_run_leaves_is_worked_off_by_the_next_one_and_marked()
    {
        Take(1_000, 50);
        WorkOff(1);
        _lane.Dispose();
        _lane = Open();
        Assert.True(_lane.IsSpilling);
        Assert.False(_lane.IsDrained);
        Take(300, 50);
        var flags = WorkOff(int.MaxValue);
        Assert.Equal(Enumerable.Range(512, 788).Select(i => $"{i}"), _handed[512..]);
        Assert.Equal(488, flags.Count(flag => flag.HasFlag(EventFlags.Redelivered)));
        Balance();
        Assert.True(_lane.IsDrained);
    }

    [Fact]
    public void What_was_handed_on_and_not_done_with_at_a_kill_comes_again()
    {
        Take(512, 50);
        var slice = _lane.TryNext(out _)!;
        _lane.Told();
        while (slice.MoveNext(out _, out _)) { }

        // No release: the engines were not done when the node was killed.
        _lane.Dispose();
        _lane = Open();
        WorkOff(int.MaxValue);
        Assert.Equal(512, _handed.Count);
    }

    [Fact]
    public void Damage_on_disk_costs_the_records_that_it_hit_and_they_are_counted()
    {
        for (var i = 0; i < 4; i++) Take(500, 100);
        var segment = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Single(file => new FileInfo(file).Length > 100_000);
        using (var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 100_000;
            file.Write([.. Enumerable.Repeat((byte)0xA5, 64)]);
        }

        var damages = new List<string>();
        WorkOff(int.MaxValue, damages);
        Assert.Equal(1_500, _handed.Count);
        Assert.Equal(500, _lane.Stage.LeftBy(SpillLane.Damaged));
        Assert.Single(damages);
        Assert.True(_lane.IsDrained);
        Balance();
    }

    [Fact]
    public void The_engines_may_be_done_with_a_batch_at_any_moment()
    {
        const int Rounds = 60, Frames = 200;
        using var given = new BlockingCollection<EventSlice>();
        var engine = new Thread(() =>
        {
            foreach (var slice in given.GetConsumingEnumerable())
            {
                while (slice.MoveNext(out _, out _)) { }

                slice.Release();
            }
        });
        engine.Start();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < Frames; i++) Take(1, 1);
                while (!_lane.IsDrained)
                {
                    if (_lane.TryNext(out _) is not { } slice) continue;
                    _lane.Told();
                    given.Add(slice, TestContext.Current.CancellationToken);
                }
            }
        }
        finally
        {
            given.CompleteAdding();
            engine.Join();
        }

        Balance();
        Assert.Equal(Rounds * Frames, _lane.Edge.Taken);
    }

    private SpillLane Open() => SpillLane.Open(DiskFileSpace.Instance, Path.Combine(_folder, "lane"), 0, Smallest, TimeProvider.System);

    private bool Take(int records, int bytes)
    {
        var batch = new EventBatch(records, 1024);
        batch.Begin(new EventSource("ebpf", "boot", null, 0), null);
        for (var i = 0; i < records; i++)
        {
            batch.Add(EventKind.FileCreate).Sequence = (ulong)_number;
            batch.AddText(Fields.TargetFilename, Encoding.UTF8.GetBytes($"{_number++}"));
            batch.AddText(Fields.CommandLine, new byte[bytes]);
        }

        var onDisk = _lane.Take(batch, [.. Enumerable.Range(0, records)]);
        batch.LetGo();
        return onDisk;
    }

    private List<EventFlags> WorkOff(int slices, List<string>? damages = null)
    {
        var flags = new List<EventFlags>();
        while (slices-- > 0)
        {
            var slice = _lane.TryNext(out var damage);
            if (damage is not null) damages?.Add(damage);
            if (slice is null) break;
            _lane.Told();
            while (slice.MoveNext(out var view, out _))
            {
                _handed.Add(Encoding.UTF8.GetString(view.First(Fields.TargetFilename).Text));
                flags.Add(view.Record.Flags);
            }

            slice.Release();
        }

        return flags;
    }

    private void Balance()
    {
        var (report, given) = _lane.At(++_barrier);
        Assert.Equal(report.In, report.Out);
        Assert.Equal(given, _lane.Edge.Taken);
    }
}
