namespace Picket.Spec.Kernel.Model;

/// <summary>An actor as the model sees it: no mailbox turns, no threads, only what is so.</summary>
internal sealed class ModelActor(string id, Plan plan, ModelActor? parent)
{
    public string Id => id;

    public Plan Plan => plan;

    public ModelActor? Parent => parent;

    public List<ModelActor> Children { get; } = [];

    public Dictionary<string, int> Born { get; } = [];

    public Queue<object> Mail { get; } = [];

    public HashSet<ModelActor> Watching { get; } = [];

    public HashSet<ModelActor> Told { get; } = [];

    public HashSet<ModelActor> Pacts { get; } = [];

    /// <summary>Failures of children that came while this one was suspended.</summary>
    public List<(ModelActor Child, int Cause)> Waiting { get; } = [];

    public bool Alive { get; set; } = true;

    /// <summary>Told to stop itself, not only somebody above it.</summary>
    public bool Leaving { get; set; }

    /// <summary>Those that were told to stop in one turn, it or one above it among them.</summary>
    public ModelActor[]? LeavingWith { get; set; }

    /// <summary>Instances so far.</summary>
    public int Instance { get; set; }

    public bool HasInstance { get; set; }

    /// <summary>The last restart failed: in the constructor (no instance) or in PostRestart (half of one).</summary>
    public bool RestartFailed { get; set; }

    /// <summary>What that restart was for.</summary>
    public int RestartCause { get; set; }

    public bool Failed { get; set; }

    public ModelActor? Perpetrator { get; set; }

    public int Suspended { get; set; }

    public int Restarts { get; set; }

    public int? WindowStart { get; set; }

    public bool IsBelow(ModelActor other) => parent is not null && (parent == other || parent.IsBelow(other));

    public void Watch(ModelActor subject, bool pact)
    {
        if (pact) Pacts.Add(subject);
        if (Watching.Add(subject) && !subject.Alive) HearOfTheEndOf(subject);
    }

    public void Unwatch(ModelActor subject)
    {
        Watching.Remove(subject);
        Told.Remove(subject);
    }

    public void HearOfTheEndOf(ModelActor subject)
    {
        Watching.Remove(subject);
        Told.Add(subject);
        Mail.Enqueue(subject);
    }

    public void Suspend()
    {
        Suspended++;
        foreach (var child in Children) child.Suspend();
    }

    /// <summary>Whether the parent's limit allows one more restart, which then counts.</summary>
    public bool MayRestart(int now)
    {
        var (retries, window) = (parent!.Plan.Retries, parent.Plan.Window);
        if (retries == 0) return false;
        if (window == 0) return retries < 0 || ++Restarts <= retries;
        WindowStart ??= now;
        if (now - WindowStart <= window) return ++Restarts <= (retries < 0 ? 1 : retries);
        (WindowStart, Restarts) = (now, 1);
        return true;
    }
}
