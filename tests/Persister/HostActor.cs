using Picket.Actors;

namespace Picket.Persister;

/// <summary>Keeps one actor for each id and starts one that has stopped again, after a pause; done when all ids are full.</summary>
internal sealed class HostActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public HostActor(PersisterOptions options, Report report, TaskCompletionSource done)
    {
        var full = new HashSet<int>();
        Receive<Start>(start =>
        {
            var actor = Context.ActorOf(Props.CreateFrom(() => new NumberingActor(options, start.Id, report)));
            Context.WatchWith(actor, new Stopped(start.Id));
        });
        Receive<Stopped>(stopped =>
        {
            report.Tell(new Frame(Kind.Failed, (byte)stopped.Id, 0, 0, 0, 0));
            Timers.StartSingleTimer(stopped.Id, new Start(stopped.Id), Pause);
        });
        Receive<NumberingActor.Full>(one =>
        {
            if (full.Add(one.Id) && full.Count == options.Ids) done.SetResult();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Start the actor of an id.</summary>
    internal sealed record Start(int Id);

    private sealed record Stopped(int Id);
}
