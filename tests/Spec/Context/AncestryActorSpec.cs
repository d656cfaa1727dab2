using Picket.Actors;
using Picket.Actors.Pattern;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Events;
using Picket.Spec.Kernel;
using Install = Picket.Actors.Persistence.Persistence;

namespace Picket.Spec.Context;

/// <summary>The writer of the dead ancestors over a store in memory and a clock of the test's own.</summary>
public sealed class AncestryActorSpec : IAsyncDisposable
{
    private const string Id = "ancestry/test";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>What is not there by then comes with a later tick of the test's clock, or not at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _sync = new();
    private readonly ManualTime _time = new();
    private readonly Family _family = new();
    private readonly TimedStore _store;
    private ActorSystem _system;
    private Ear _context;
    private Ear _monitor;
    private Ear _starter;
    private bool _restless;
    private int _pid = 1;

    public AncestryActorSpec()
    {
        _store = new TimedStore(_time);
        (_system, _context, _monitor, _starter) = Begin();
        _family.List((1, 0, "/init"));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    [Fact]
    public async Task Each_second_has_one_write_at_most_and_the_store_stays_small()
    {
        _restless = true;
        var writer = Start();
        for (var written = 0; written < 30; written++)
        {
            Pass(() => _store.Writes.Count > written, $"write {written + 1}", () =>
            {
                // Between two ticks nothing leaves, whatever the writer is told.
                Assert.Equal(written, _store.Writes.Count);
                writer.Tell(Living());
            });
        }

        Assert.All(_store.Writes.Zip(_store.Writes.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= Second, $"{pair}"));
        Assert.Equal(["change", "change", "change", "change", "snapshot", "delete changes", "delete snapshots", "change"], _store.Writes.Take(8).Select(write => write.What));
        var content = await _store.ContentAsync(Id);
        Assert.InRange(content.Count, 1, Family.Options.ChangesPerSnapshot + 2);
        Assert.Single(content.OfType<AncestrySnapshot>());
    }

    [Fact]
    public void What_does_not_change_is_not_written_again()
    {
        Start();
        Orphan();
        Pass(() => _store.Writes.Count == 1, "the write");
        for (var asked = _context.Heard<TellLiving>().Count; asked < 5; asked++) Pass(() => _context.Heard<TellLiving>().Count > asked, "another question");
        Assert.Single(_store.Writes);
    }

    [Fact]
    public async Task A_successor_is_told_what_was_written()
    {
        var child = Orphan();
        Start();
        Pass(() => _monitor.Heard<AncestryWritten>().Count == 1, "the write");
        await RestartAsync();
        Start();
        var recovered = Assert.Single(_context.Heard<AncestryRecovered>());
        Assert.Equal(child, Assert.Single(recovered.Links).Child);
        var ancestor = Assert.Single(recovered.Ancestors);
        Assert.Equal(recovered.Links[0].Parent, ancestor.Id);
        Assert.Equal($"/parent/{ancestor.Id.Key.Pid}", Family.Text(ancestor.Program.Executable));
    }

    [Fact]
    public async Task What_another_boot_wrote_is_passed_over_and_cleared_away()
    {
        Orphan();
        Start();
        Pass(() => _monitor.Heard<AncestryWritten>().Count == 1, "the write");
        await RestartAsync();
        Start("next boot");
        Assert.Empty(_context.Heard<AncestryRecovered>()[0].Ancestors);
        Assert.Empty(_context.Heard<AncestryRecovered>()[0].Links);
        Pass(() => _store.Writes.Count >= 4, "snapshot and deletions");
        Assert.Equal(["change", "snapshot", "delete changes", "delete snapshots"], _store.Writes.Take(4).Select(write => write.What));
        var content = await _store.ContentAsync(Id);
        Assert.All(content, one => Assert.Equal("next boot", (one as AncestrySnapshot)?.BootId ?? (one as AncestryChanged)?.BootId));
    }

    [Fact]
    public void A_store_that_fails_is_said_to_and_tried_again_until_it_takes_what_there_is()
    {
        _system.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(Writer("boot"), "writer", Second, Second, 0)));
        Await(() => _context.Heard<AncestryRecovered>().Count == 1, "the recovery");
        Orphan();
        _store.Failure = new JournalException("no room is left");

        // It can neither be written nor, by the next incarnation, be read.
        Pass(() => _monitor.Heard<AncestryTrouble>().Count >= 3, "the trouble of three incarnations");
        Assert.All(_monitor.Heard<AncestryTrouble>(), trouble => Assert.Contains("no room is left", trouble.Reason));
        Assert.Empty(_monitor.Heard<AncestryWritten>());
        _store.Failure = null;
        Pass(() => _monitor.Heard<AncestryWritten>().Count == 1, "the write");
    }

    [Fact]
    public void The_node_starts_also_when_nothing_can_be_read()
    {
        _store.Failure = new JournalException("damaged");
        _system.ActorOf(Writer("boot"));
        Await(() => _starter.Heard<AncestryReady>().Count == 1, "the word that the start may go on");
        Assert.Contains("damaged", Assert.Single(_monitor.Heard<AncestryTrouble>()).Reason);
        Assert.Empty(_context.Heard<AncestryRecovered>());
    }

    private static void Await(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, 10 * Patience), what);

    private (ActorSystem System, Ear Context, Ear Monitor, Ear Starter) Begin()
    {
        var system = ActorSystem.Create("ancestry", new ActorSystemOptions { StandardErrorLevel = null, TimeProvider = _time });
        Install.Install(system, new PersistenceOptions { Journal = _store, SnapshotStore = _store });
        return (system, new Ear(system, message => message is TellLiving ? Living() : null), new Ear(system), new Ear(system));
    }

    private async Task RestartAsync()
    {
        await _system.Terminate().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        (_system, _context, _monitor, _starter) = Begin();
    }

    private Props Writer(string boot) =>
        Props.CreateFrom(() => new AncestryActor(new AncestrySetup(Id, boot, Family.Options), _context.Ref, _monitor.Ref, _starter.Ref));

    private IActorRef Start(string boot = "boot")
    {
        var writer = _system.ActorOf(Writer(boot));
        Await(() => _starter.Heard<AncestryReady>().Count == 1, "the recovery");
        return writer;
    }

    /// <summary>Lets seconds pass, in quarters, until something is so.</summary>
    private void Pass(Func<bool> until, string what, Action? between = null)
    {
        for (var second = 0; second < 20; second++)
        {
            for (var quarter = 0; quarter < 3; quarter++)
            {
                _time.Advance(Second / 4);
                if (second == 0) between?.Invoke();
            }

            _time.Advance(Second / 4);
            if (SpinWait.SpinUntil(until, Patience)) return;
        }

        Assert.Fail($"waited 20 s of the test's clock for {what}; written: {string.Join(", ", _store.Writes)}");
    }

    private LivingProcesses Living()
    {
        if (_restless) Orphan();
        lock (_sync) return new LivingProcesses(_family.Table.Version, [.. _family.Table.Living]);
    }

    /// <summary>A process whose parent has ended.</summary>
    private ProcessKey Orphan()
    {
        lock (_sync)
        {
            var parent = ++_pid;
            var child = ++_pid;
            _family.Execute(parent, 1, $"/parent/{parent}");
            _family.Fork(child, parent);
            _family.Exit(parent);
            return Family.KeyOf(child);
        }
    }
}
