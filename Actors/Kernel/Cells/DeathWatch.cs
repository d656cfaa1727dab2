using Picket.Actors.Refs;
using static Picket.Actors.Dispatch.SysMsg.SystemMessage;

namespace Picket.Actors.Cells;

/// <summary>Whom an actor watches and who watches it. Touched in its own turn only.</summary>
internal sealed class DeathWatch
{
    /// <summary>The watched, with the message to give in place of Terminated or null.</summary>
    private readonly Dictionary<InternalActorRef, object?> _watching = [];

    /// <summary>Those whose Terminated is in the mailbox.</summary>
    private readonly Dictionary<InternalActorRef, object?> _told = [];

    private readonly HashSet<InternalActorRef> _watchedBy = [];

    public void Watch(InternalActorRef self, InternalActorRef subject, object? message)
    {
        if (_watching.TryGetValue(subject, out var before))
        {
            if (!ReferenceEquals(before, message) && !Equals(before, message))
            {
                throw new InvalidOperationException(
                    $"{subject.Path} is watched already, with {before ?? "Terminated"} and not {message ?? "Terminated"}");
            }

            return;
        }

        _watching.Add(subject, message);
        subject.SendSystem(new Watch(subject, self));
    }

    public void Unwatch(InternalActorRef self, InternalActorRef subject)
    {
        if (_watching.Remove(subject)) subject.SendSystem(new Unwatch(self));
        _told.Remove(subject);
    }

    /// <summary>True once for each watch: the caller then puts a Terminated into the mailbox.</summary>
    public bool HasEnded(InternalActorRef subject)
    {
        if (!_watching.Remove(subject, out var message)) return false;
        _told[subject] = message;
        return true;
    }

    /// <summary>True when the Terminated that came out of the mailbox is still wanted; with the message to give in its place.</summary>
    public bool Tell(IActorRef subject, out object? message)
    {
        message = null;
        return subject is InternalActorRef known && _told.Remove(known, out message);
    }

    /// <summary>The Terminated that was just told goes back to the mailbox, by way of a stash.</summary>
    public void TellAgain(IActorRef subject)
    {
        if (subject is InternalActorRef known && !_watching.ContainsKey(known)) _told[known] = null;
    }

    public void AddWatcher(InternalActorRef watcher) => _watchedBy.Add(watcher);

    public void RemoveWatcher(InternalActorRef watcher) => _watchedBy.Remove(watcher);

    /// <summary>At the end of the actor. The parent is told as a parent, not twice.</summary>
    public void End(InternalActorRef self, InternalActorRef parent)
    {
        foreach (var watcher in _watchedBy)
            if (!ReferenceEquals(watcher, parent)) watcher.SendSystem(new DeathWatchNotification(self, existenceConfirmed: true));

        foreach (var subject in _watching.Keys) subject.SendSystem(new Unwatch(self));
        _watchedBy.Clear();
        _watching.Clear();
    }
}
