using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Delivery;
using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Policy;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Spec.Alerts;

/// <summary>The actors of <c>/alerts</c> on the real kernel and a real disk.</summary>
public sealed class AlertDeliveryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("alerts-test");
    private readonly ConcurrentQueue<LedgerReport> _reports = new();
    private readonly LedgerEdge _edge = new("shard-0->alerts");
    private readonly RecordingSink _console = new();
    private readonly AlertOutbox _outbox;
    private readonly SinkCursor _fileCursor;
    private readonly SinkCursor _consoleCursor;
    private readonly AlertIntake _intake;
    private readonly IActorRef _ledger;
    private readonly IActorRef _alerts;
    private long _barrier;

    public AlertDeliveryTests()
    {
        var journal = new JournalOptions { Kind = "any", Sync = SyncPolicy.Interval };
        _outbox = AlertOutbox.Open(DiskFileSpace.Instance, Path.Combine(_folder.Path, "outbox"), journal, 100_000, TimeProvider.System);
        _fileCursor = new SinkCursor(_outbox, "file");
        _consoleCursor = new SinkCursor(_outbox, "console");
        _intake = new AlertIntake(_outbox, new AlertPolicy(AlertPolicyOptions.Unlimited), 1 << 20, [_fileCursor.Edge, _consoleCursor.Edge]);
        var options = new FileSinkOptions { Path = AlertFile, MaxFileBytes = 1 << 20 };
        SinkSetup[] sinks =
        [
            new(_fileCursor, () => new NdjsonFileSink(DiskFileSpace.Instance, options, static _ => { })),
            new(_consoleCursor, () => _console),
        ];
        _ledger = _system.ActorOf(Props.CreateFrom(() => new Collector(_reports)), "ledger");
        _alerts = Parent(AlertsActor.Recipe(_intake, sinks, 1, _ledger), "node");
    }

    private string AlertFile => Path.Combine(_folder.Path, "alerts", "alerts.ndjson");

    [Fact]
    public void An_alert_is_readable_in_the_file_and_on_the_console_and_its_batch_comes_back()
    {
        var owner = new Owner();
        var batch = new EventBatch(1, 1024);
        batch.Begin(Samples.Live, owner);
        _alerts.Tell(AlertRaised.Raise(Samples.Alert(1), batch, _edge));
        batch.LetGo();
        Await(() => FileLines().Length == 1 && _console.Texts.Count == 1, "the alert in both sinks");
        Assert.Equal(Line(1), FileLines()[0]);
        Await(() => owner.Completed == 1, "the batch to complete");
        Assert.Equal(1, _edge.Taken);
    }

    [Fact]
    public void Killing_the_actors_again_and_again_under_load_loses_no_alert_and_writes_none_twice()
    {
        const int Count = 5000;
        var file = Child("file");
        var console = Child("console");
        for (var i = 0; i < Count; i++)
        {
            _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));

            // Redelivered after a restart of a shard: the same id again.
            if (i % 10 == 0) _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));
            if (i % 500 == 250) _alerts.Tell(Kill.Instance);
            if (i % 500 == 300) file.Tell(Kill.Instance);
            if (i % 500 == 350) console.Tell(Kill.Instance);
        }

        Await(() => FileLines().Length >= Count && _console.Texts.Count >= Count, $"{Count} alerts in both sinks");
        AwaitBalance();
        Assert.Equal(Enumerable.Range(0, Count).Select(Line), FileLines());
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"alert {i}"), _console.Texts);
        Assert.Equal("stored 5000, duplicate 500, suppressed 0, rate-limited 0, refused 0, too-large 0", _intake.Stage.ToString());
        Assert.Equal(file, Child("file"));
    }

    [Fact]
    public void A_sink_that_throws_comes_back_and_goes_on_with_the_same_alert()
    {
        _console.ThrowNext = 3;
        for (var i = 0; i < 20; i++) _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));
        Await(() => _console.Texts.Count >= 20, "20 alerts on the console after three failures");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"alert {i}"), _console.Texts);
        Assert.Equal(0, _console.ThrowNext);
        Assert.Equal(20, _consoleCursor.Edge.Taken);
    }

    [Fact]
    public void A_sink_that_holds_back_shows_its_queue_in_the_ledger_and_catches_up()
    {
        _console.Hold = true;
        for (var i = 0; i < 20; i++) _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));
        var report = Assert.Single(Barriers(), report => report.Line == "outbox->console");
        Assert.Equal((20L, 20L), (report.In, report.Out));
        Assert.Contains("queued 20", report.Detail, StringComparison.Ordinal);
        _console.Hold = false;
        Await(() => _console.Texts.Count == 20, "the held alerts");
        AwaitBalance();
    }

    [Fact]
    public void A_planted_uncounted_drop_shows_as_an_imbalance_of_its_edge()
    {
        for (var i = 0; i < 5; i++) _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));
        AwaitBalance();
        _edge.Give(1);
        _fileCursor.Edge.Give(2);
        _intake.Stage.Enter(1);
        var wrong = Barriers().Where(report => report.In != report.Out).Select(report => report.Line).Order(StringComparer.Ordinal);
        Assert.Equal(["alerts", "outbox->file", "shard-0->alerts"], wrong);
    }

    [Fact]
    public void The_copies_of_barriers_that_follow_each_other_closely_may_come_mixed()
    {
        LedgerEdge[] edges = [new("shard-0->alerts"), new("shard-1->alerts"), new("self->alerts")];
        var alerts = Parent(AlertsActor.Recipe(_intake, [], edges.Length, _ledger), "mixed");
        foreach (var (edge, number) in new[] { (0, 1), (0, 2), (1, 1), (0, 3), (2, 1), (1, 2), (1, 3), (2, 2), (2, 3) })
            alerts.Tell(new Barrier(number, edges[edge], 0));
        Await(() => _reports.Count == 12, "nine reports of edges and three of the stage");
        Assert.Equal([1, 2, 3], _reports.Where(report => report.Line == "alerts").Select(report => (int)report.Barrier));
    }

    [Fact]
    public void A_barrier_that_an_edge_never_brought_holds_up_no_later_one()
    {
        LedgerEdge[] edges = [new("shard-0->alerts"), new("self->alerts")];
        var alerts = Parent(AlertsActor.Recipe(_intake, [], edges.Length, _ledger), "torn");
        foreach (var (edge, number) in new[] { (0, 1), (0, 2), (1, 2), (1, 1), (0, 3), (1, 3) })
            alerts.Tell(new Barrier(number, edges[edge], 0));
        Await(() => _reports.Count == 8, "six reports of edges and two of the stage");
        Assert.Equal([2, 3], _reports.Where(report => report.Line == "alerts").Select(report => (int)report.Barrier));
    }

    [Fact]
    public void A_position_is_kept_so_that_a_next_run_does_not_read_everything_again()
    {
        for (var i = 0; i < 50; i++) _alerts.Tell(AlertRaised.Raise(Samples.Alert(i), null, _edge));
        Await(() => !_fileCursor.HasUncommitted && _fileCursor.Position == _outbox.End && _outbox.Count == 50, "the file's position on disk");
    }

    [Fact]
    public void An_alert_that_never_reached_the_actor_is_counted_as_dropped_and_lets_its_batch_go()
    {
        var owner = new Owner();
        var batch = new EventBatch(1, 1024);
        batch.Begin(Samples.Live, owner);
        var raised = AlertRaised.Raise(Samples.Alert(1), batch, _edge);
        batch.LetGo();
        Assert.Equal(0, owner.Completed);
        ((ILease)raised).Release();
        Assert.Equal((1, 1L, 0L), (owner.Completed, _edge.Dropped, _edge.Taken));
    }

    [Fact]
    public void A_failed_handling_is_tried_again_and_given_up_with_a_count()
    {
        var raised = AlertRaised.Raise(Samples.Alert(1), null, _edge);
        for (var attempt = 1; attempt <= AlertRaised.MaxAttempts; attempt++)
        {
            raised.Begin();
            Assert.Equal(attempt > 1, raised.IsRetry);
            Assert.Equal(attempt < AlertRaised.MaxAttempts, raised.SkipFailed());
        }

        raised.Release();
        Assert.Equal(1, _edge.Failed);
    }

    public void Dispose()
    {
        Assert.True(_system.Terminate().Wait(Patience), "waited 30 s for the actor system to end");
        _fileCursor.Dispose();
        _consoleCursor.Dispose();
        _outbox.Dispose();
        _folder.Dispose();
    }

    private static string Line(int number) => Encoding.UTF8.GetString(Samples.Alert(number).Line.Span);

    private static void Await(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience), string.Create(CultureInfo.InvariantCulture, $"waited {Patience.TotalSeconds} s for {what}"));

    private string[] FileLines()
    {
        if (!File.Exists(AlertFile)) return [];
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(AlertFile)!).OrderByDescending(name => name, StringComparer.Ordinal)) lines.AddRange(File.ReadAllLines(file));
        return [.. lines];
    }

    /// <summary>Sends a barrier and returns what the four lines of the alerts' part of the ledger say of it.</summary>
    private LedgerReport[] Barriers()
    {
        var number = ++_barrier;
        _alerts.Tell(new Barrier(number, _edge, _edge.Given));
        Await(() => _reports.Count(report => report.Barrier == number) == 4, $"four reports of barrier {number}");
        return [.. _reports.Where(report => report.Barrier == number)];
    }

    private void AwaitBalance() => Assert.All(Barriers(), report => Assert.True(report.In == report.Out, report.ToString()));

    private IActorRef Child(string name)
    {
        var answer = _system.ActorSelection(_alerts.Path / name).ResolveOne(Patience);
        Assert.True(answer.Wait(Patience), $"waited 30 s for {name} to be there");
        return answer.Result;
    }

    private IActorRef Parent(Props recipe, string name)
    {
        var made = new TaskCompletionSource<IActorRef>();
        _system.ActorOf(Props.CreateFrom(() => new Guard(recipe, made)), name);
        Assert.True(made.Task.Wait(Patience), "waited 30 s for /alerts to be made");
        return made.Task.Result;
    }

    private sealed class Guard : UntypedActor
    {
        private readonly Props _recipe;
        private readonly TaskCompletionSource<IActorRef> _made;

        internal Guard(Props recipe, TaskCompletionSource<IActorRef> made)
        {
            _recipe = recipe;
            _made = made;
        }

        protected override void PreStart() => _made.SetResult(Context.ActorOf(_recipe, "alerts"));

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Restart);

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class Collector : ReceiveActor
    {
        internal Collector(ConcurrentQueue<LedgerReport> reports) => Receive<LedgerReport>(reports.Enqueue);
    }

    private sealed class Owner : IBatchOwner
    {
        private int _completed;

        internal int Completed => Volatile.Read(ref _completed);

        public void OnCompleted(EventBatch batch) => Interlocked.Increment(ref _completed);
    }
}
