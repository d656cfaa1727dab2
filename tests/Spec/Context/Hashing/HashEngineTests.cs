using System.Runtime.Versioning;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;
using Picket.Spec.Journal;

namespace Picket.Spec.Context.Hashing;

[SupportedOSPlatform("linux")]
public sealed class HashEngineTests : IDisposable
{
    private const long Tick = 4_000_000;
    private static readonly FileHashes Hashes = FileHashes.Of([1], [2], [3])!;

    private readonly ExecutedFile _file = new(64);
    private readonly ManualClock _clock = new();
    private readonly List<HashEngine> _engines = [];

    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_second_execution_shares_the_first_ones_place_and_asks_for_nothing()
    {
        var engine = Engine();
        var first = _file.Execute(engine)!;
        Assert.Same(first, _file.Execute(engine));
        Assert.True(first.IsPending);
        Decide(engine, HashOutcome.Known, Hashes);
        Assert.Same(Hashes, first.Hashes);
        Assert.Same(first, _file.Execute(engine));
        Assert.Equal((1, 1, 2, 0), (engine.Stage.Entered, engine.Stage.LeftBy((int)HashOutcome.Known), engine.Hits, engine.Waiting));
    }

    [Fact]
    public void A_file_that_has_changed_is_another_one()
    {
        var engine = Engine();
        var first = _file.Execute(engine);
        _file.Key = _file.Key with { ChangeNs = _file.Key.ChangeNs + 1 };
        Assert.NotSame(first, _file.Execute(engine));
        Assert.Equal(2, engine.Waiting);
    }

    [Theory]
    [InlineData(HashOutcome.Gone)]
    [InlineData(HashOutcome.Changed)]
    [InlineData(HashOutcome.Unreadable)]
    public void What_could_not_be_hashed_is_tried_again_by_the_next_execution_and_counted(HashOutcome outcome)
    {
        var engine = Engine();
        var first = _file.Execute(engine)!;
        Decide(engine, outcome, null);
        Assert.Equal((outcome, null), (first.Outcome, first.Hashes));
        Assert.True(_file.Execute(engine)!.IsPending);
        Assert.Equal(1, engine.Stage.LeftBy((int)outcome));
    }

    [Fact]
    public void What_is_too_large_or_remote_or_too_much_is_not_even_queued()
    {
        var engine = Engine(new HashOptions { MaxFileBytes = 63 });
        Assert.Equal(HashOutcome.TooLarge, _file.Execute(engine)!.Outcome);
        engine = Engine(new HashOptions { MaxQueue = 1 });
        Assert.Equal(HashOutcome.Remote, _file.Execute(engine, flags: EventFlags.ImageRemote)!.Outcome);
        Assert.True(_file.Execute(engine)!.IsPending);
        _file.Key = _file.Key with { Inode = 1 };
        Assert.Equal(HashOutcome.Busy, _file.Execute(engine)!.Outcome);
        var (files, _) = engine.Report(1);
        Assert.Equal((3, 3), (files.In, files.Out));
        engine = Engine(new HashOptions { Remote = true });
        Assert.True(_file.Execute(engine, flags: EventFlags.ImageRemote)!.IsPending);
    }

    [Fact]
    public void An_execution_within_a_tick_of_the_change_stands_for_itself()
    {
        var engine = Engine();
        var fresh = _file.Execute(engine, Tick)!;
        Assert.NotSame(fresh, _file.Execute(engine, Tick));
        var later = _file.Execute(engine);
        Assert.NotSame(fresh, later);

        // Read within the tick: it may change once more without a trace, and nothing is known of what comes.
        var engine2 = Engine();
        var soon = _file.Execute(engine2, Tick)!;
        engine2.Decide(engine2.Next(CancellationToken.None), HashOutcome.Known, Hashes.AsUnsure(), At(_file.Key.ChangeNs + Tick));
        Assert.True(soon.Hashes!.IsUnsure);
        Assert.True(_file.Execute(engine2)!.IsPending);

        // Read behind it: it is what everybody executes from then on.
        var engine3 = Engine();
        _file.Execute(engine3, Tick);
        engine3.Decide(engine3.Next(CancellationToken.None), HashOutcome.Known, Hashes.AsUnsure(), At(_file.Key.ChangeNs + 1_000_000_000));
        Assert.False(_file.Execute(engine3)!.Hashes!.IsUnsure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_decision_is_told_whether_the_file_is_fresh_or_not(bool fresh)
    {
        var engine = Engine();
        var told = 0;
        engine.News = () => told++;
        _file.Execute(engine, fresh ? Tick : 1_000_000_000);
        engine.Decide(engine.Next(CancellationToken.None), HashOutcome.Known, Hashes, At(_file.Key.ChangeNs + 1_000_000_000));
        Assert.Equal(1, told);
        _file.Key = _file.Key with { Inode = 7 };
        _file.Execute(engine, fresh ? Tick : 1_000_000_000);
        engine.Decide(engine.Next(CancellationToken.None), HashOutcome.Gone, null, At(_file.Key.ChangeNs));
        Assert.Equal(2, told);
    }

    [Fact]
    public void Executions_wait_only_where_a_rule_asks_and_each_is_handed_on_once()
    {
        var engine = Engine(new HashOptions { MaxAwaiting = 2 });
        Assert.False(_file.ExecuteAndAwait(engine));
        engine.RulesAsk = true;
        Assert.True(_file.ExecuteAndAwait(engine));
        Assert.True(_file.ExecuteAndAwait(engine));
        Assert.False(_file.ExecuteAndAwait(engine));
        Assert.False(engine.TryHandOn(out _, out _));
        Assert.False(engine.IsSettled);
        Decide(engine, HashOutcome.Known, Hashes);
        Assert.False(_file.ExecuteAndAwait(engine));
        for (var i = 0; i < 2; i++)
        {
            Assert.True(engine.TryHandOn(out var slice, out var shard));
            Assert.Equal(0, shard);
            Assert.True(slice.MoveNext(out var view, out _));
            Assert.Equal(EventFlags.HashesLate, view.Record.Flags);
            Assert.Equal("program -x", System.Text.Encoding.UTF8.GetString(view.First(Fields.CommandLine).Text));
            Assert.False(slice.MoveNext(out _, out _));
            slice.Release();
        }

        Assert.False(engine.TryHandOn(out _, out _));
        Assert.True(engine.IsSettled);
        var (_, late) = engine.Report(1);
        Assert.Equal((2, 2), (late.In, late.Out));
        Assert.Equal((2, 2), (engine.ShardEdges[0].Given, engine.ShardEdges[0].Taken));
    }

    [Fact]
    public void A_node_that_stops_hands_on_what_waits_without_hashes()
    {
        var engine = Engine();
        engine.RulesAsk = true;
        Assert.True(_file.ExecuteAndAwait(engine));
        engine.GiveUp();
        Assert.True(engine.TryHandOn(out var slice, out _));
        slice.Release();
        Assert.Equal(HashOutcome.Stopped, _file.Execute(engine)!.Outcome);
        Assert.Equal(0, engine.Waiting);
    }

    [Fact]
    public void A_file_that_is_given_back_is_the_next_one()
    {
        var engine = Engine();
        _file.Execute(engine);
        _file.Key = _file.Key with { Inode = 1 };
        _file.Execute(engine);
        var first = engine.Next(CancellationToken.None);
        engine.PutBack(first);
        Assert.Same(first, engine.Next(CancellationToken.None));
    }

    [Fact]
    public void The_pace_lets_a_seconds_worth_and_one_file_go_and_then_waits()
    {
        var pace = new HashPace(1000, _clock);
        Assert.Equal(TimeSpan.Zero, pace.Wait());
        pace.Spend(500);
        Assert.Equal(TimeSpan.Zero, pace.Wait());
        pace.Spend(2500);
        Assert.InRange(pace.Wait(), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.01));
        _clock.Advance(TimeSpan.FromSeconds(2.01));
        Assert.Equal(TimeSpan.Zero, pace.Wait());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, pace.Wait());
        pace.Spend(1001);
        Assert.True(pace.Wait() > TimeSpan.Zero);
    }

    private static DateTimeOffset At(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / 100);

    private HashEngine Engine(HashOptions? options = null)
    {
        var engine = new HashEngine(options ?? new HashOptions(), 1, _clock, Tick);
        _engines.Add(engine);
        return engine;
    }

    private void Decide(HashEngine engine, HashOutcome outcome, FileHashes? hashes) => engine.Decide(engine.Next(CancellationToken.None), outcome, hashes, _clock.GetUtcNow());
}
