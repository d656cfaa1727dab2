using Picket.Actors.Event;

namespace Picket.Actors.TestKit;

/// <summary>
/// Hears the log events and dead letters of a system while a filter is set, on the thread that publishes them: an event is counted
/// before the publisher goes on. What no filter takes goes to standard error, as it would without a listener.
/// </summary>
internal sealed class EventListener(ActorSystem system) : ActorRefBase
{
    private readonly Lock _sync = new();
    private Heard[] _heard = [];

    public override ActorPath Path { get; } = new RootActorPath(system.Address) / "system" / "testEventListener";

    public ActorSystem System => system;

    public Heard Start(IReadOnlyList<EventMatch> matches)
    {
        var heard = new Heard(this, matches);
        lock (_sync)
        {
            if (_heard.Length == 0)
            {
                system.EventStream.Subscribe<LogEvent>(this);
                system.EventStream.Subscribe<DeadLetter>(this);
            }

            _heard = [.. _heard, heard];
        }

        return heard;
    }

    public override void Tell(object message, IActorRef? sender)
    {
        var taken = false;
        foreach (var heard in Volatile.Read(ref _heard)) taken |= heard.Count(message);
        if (!taken && message is LogEvent logged && logged.LogLevel() >= system.Settings.StandardErrorLevel) Console.Error.WriteLine(logged);
    }

    private void Stop(Heard heard)
    {
        lock (_sync)
        {
            _heard = Array.FindAll(_heard, one => one != heard);
            if (_heard.Length == 0) system.EventStream.Unsubscribe(this);
        }
    }

    /// <summary>What was heard for one use of a filter, until it is unmuted.</summary>
    public sealed class Heard(EventListener listener, IReadOnlyList<EventMatch> matches) : IUnmutableFilter
    {
        private int _events;

        public int Events => Volatile.Read(ref _events);

        public bool Count(object published)
        {
            foreach (var match in matches)
            {
                if (!match.Takes(published)) continue;
                Interlocked.Increment(ref _events);
                return true;
            }

            return false;
        }

        public void Unmute() => listener.Stop(this);

        public void Dispose() => Unmute();
    }
}
